import { expect, test } from "vitest";
import { countingOf, equation, exactText, valueText } from "../../../editor/panels/counting";

test("a formula that stops before its result is completed by it", () => {
  expect(equation("5·5·1·6 + 6", "parameters", 156)).toEqual({ made: "5·5·1·6 + 6", result: "156", remark: "" });
  expect(equation("28·28·6·4", "activation_bytes", 18816)).toEqual({ made: "28·28·6·4", result: "18,816 bytes", remark: "" });
});

test("a remark stays behind the result", () => {
  const formula = "3 · 3,211,264 bytes, while Batch norm runs";
  expect(equation(formula, "inference_bytes", 9633792)).toEqual({ made: "3 · 3,211,264 bytes", result: "9,633,792 bytes", remark: ", while Batch norm runs" });
});

test("a formula with its result, or that is its result, stays as it is", () => {
  expect(equation("(28 + 2·2 − 5) / 1 + 1 = 28", "shape", [6, 28, 28]).result).toBeNull();
  expect(equation("0", "macs", 0).result).toBeNull();
});

test.each([
  ["shape", [6, 28, 28], "28×28×6"],
  ["receptive_field", [5, 7], "5×7\u2009px"],
  ["macs", 117600, "117,600"],
  ["weight_bytes", 624, "624\u2009B"],
  ["receptive_field", null, "–"],
])("%s %s stands as %s", (key, value, words) => expect(valueText(key, value)).toBe(words));

test("bytes are exact in a result", () => expect(exactText("training_bytes", 1234567)).toBe("1,234,567 bytes"));

test("the rule of counting is said, and a number that is not known keeps its own name", () => {
  expect(countingOf("macs").rule).toContain("One multiply-add counts 1; biases and activations are not counted.");
  expect(countingOf("some_count")).toEqual({ name: "Some count", rule: "" });
});
