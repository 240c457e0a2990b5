// Cards and runs as the API answers them.
import type { Published, RunPoint } from "../../../../editor/generated/types";
import type { ZooCard } from "../../../../editor/net/api";

export function published(given: Partial<Published> = {}): Published {
  return { parameters: null, macs: null, top1_error: null, top5_error: null, evaluation: "10 crops", source: "A paper, table 2", ...given };
}

export function card(name: string, given: Partial<ZooCard> = {}): ZooCard {
  const nodes = [{ id: "input", block: "input", params: { channels: 3, height: 224, width: 224 } }];
  const facts = { dataset: "shapes", parameters: 1e6, macs: 1e9, template: false, year: null, depth: 0, published: null, single_crop: null, remark: "" };
  return { name, title: name, question: "", source: "A paper", ...facts, network: { nodes, edges: [] }, ...given };
}

export const SMALL = { nodes: [{ id: "input", block: "input", params: { channels: 1, height: 28, width: 28 } }], edges: [] };

/** Numbers as in the papers. */
export const ZOO: ZooCard[] = [
  card("alexnet", { title: "AlexNet", year: 2012, depth: 8, parameters: 60_965_224, macs: 724_406_816, published: published({ top1_error: 40.7, top5_error: 18.2, macs: 832_000_000 }) }),
  card("vgg-16", { title: "VGG-16", year: 2014, depth: 16, parameters: 138_357_544, macs: 15_470_264_320, published: published({ top1_error: 24.8, top5_error: 7.5, evaluation: "dense, 3 scales" }) }),
  card("resnet-18", { title: "ResNet-18", year: 2015, depth: 18, parameters: 11_689_512, macs: 1_814_073_344, published: published({ top1_error: 27.88 }) }),
  card("resnet-50", { title: "ResNet-50", year: 2015, depth: 50, parameters: 25_557_032, macs: 4_089_184_256, published: published({ top1_error: 22.85, top5_error: 6.71 }) }),
  card("resnet-101", { title: "ResNet-101", year: 2015, depth: 101, parameters: 44_549_160, macs: 7_801_405_440, published: published({ top1_error: 21.75, top5_error: 6.05 }) }),
  card("resnet-152", { title: "ResNet-152", year: 2015, depth: 152, parameters: 60_192_808, macs: 11_513_626_624, published: published({ top1_error: 21.43, top5_error: 5.71 }) }),
  card("plain-18", { title: "Plain 18", year: 2015, parameters: 11_515_688, macs: 1_794_805_760 }),
  card("lenet-5", { title: "LeNet-5", template: true, dataset: "mnist", parameters: 61_706, macs: 416_520, network: SMALL }),
  card("empty", { title: "Empty canvas", template: true, parameters: 0, macs: 0, network: SMALL }),
];

export function run(id: string, given: Partial<RunPoint> = {}): RunPoint {
  const measured = { test_accuracy: 0.99, best_validation_accuracy: 0.98, error: 1, measured_on: "test" as const };
  const cost = { parameters: 61_706, macs: 416_520 };
  return { id, number: 1, name: "LeNet-5", experiment: "e1", experiment_name: "LeNet-5", dataset: "mnist", state: "finished", created: "2026-01-01T00:00:00Z", ...cost, ...measured, step: 100, total_steps: 100, seed: 1, tags: [], ...given };
}

export const unmeasured = { test_accuracy: null, best_validation_accuracy: null, error: null, measured_on: null };
