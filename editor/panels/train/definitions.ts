/** What each number means, said where it is shown. */
export const DEFINITIONS = {
  loss: "Cross-entropy, natural logarithm. Train: of the batch, every step; faint as measured, bold smoothed. Held out: on images kept from training, each epoch on all of them and in between on a sample.",
  accuracy: "Share of images that are right. Train: of the batch, every step. Held out: on images kept from training (MNIST: the last 5,000 of 60,000; else one twelfth, chosen by the seed).",
  rate: "Learning rate: size of a step along the gradient, as the schedule and you set it.",
  dead: "A unit (channel of a convolution) is dead when its ReLU gave zero for every training image of the last {window} steps. Zeros: share of zeros in the ReLU's output for the latest batch; about half at the start.",
  maps: "What the layer makes of the probe image with the weights of the moment, one picture per channel, coloured from the lowest to the highest value of the layer. Struck through: the channel is dead.",
  field: "Sees: the patch of the image that one value of the layer can see, its receptive field. Influence: how much a small change of a pixel changes the layer's middle value, all channels together: the gradient's size, with the weights of the moment (Luo et al., 2016). Outside the field it is zero.",
  prediction: "Softmax of the scores for the probe image. The probe is from the test set; the network never learns from it.",
  confusion: "Each row is one true class: the share of its images said to be each class. Held-out images while it trains, the test set at the end.",
  telemetry: "Share of the training process's time spent on measuring what this page shows.",
  speed: "Over the last 5 seconds.",
  best: "The epoch after which the held-out images gave the lowest loss (the highest accuracy, where the recipe's early stop watches it). The weights are those of the end.",
  restored: "The epoch after which the held-out images gave the best figure. The run ends with its weights: held out and test are measured with them.",
  top5: "Share of test images whose class is not among the five highest scores.",
} as const;
