/** What each number means, said where it is shown. */
export const DEFINITIONS = {
  loss: "Cross-entropy, natural logarithm. Train: of the batch, every step; faint as measured, bold smoothed. Held out: on images kept from training, each epoch on all of them and in between on a sample.",
  accuracy: "Share of images that are right. Train: of the batch, every step. Held out: on images kept from training (MNIST: the last 5,000 of 60,000; else one twelfth, chosen by the seed).",
  rate: "Learning rate: size of a step along the gradient, as the schedule and you set it.",
  dead: "A unit (channel of a convolution) is dead when its ReLU gave zero for every training image of the last {window} steps. Zeros: share of zeros in the ReLU's output for the latest batch; about half at the start.",
  maps: "What the layer makes of the probe image with the weights of the moment, one picture per channel, coloured from the lowest to the highest value of the layer. Struck through: the channel is dead.",
  field: "Sees: the patch of the image that one value of the layer can see, its receptive field. Influence: how much a small change of a pixel changes the layer's middle value, all channels together: the gradient's size, with the weights of the moment (Luo et al., 2016). Outside the field it is zero.",
  prediction: "Softmax of the scores for the probe image. The probe is from the test set; the network never learns from it.",
  evaluation: "A pass with the weights of the epoch's end, without dropout. Train: a fixed sample, one training image in thirty and at least 120, so that it compares with the held-out ones. Test: once, at the end.",
  errors: "Top-1 error: share of images whose class has not the highest score. Top-5 error: share whose class is not among the five highest. Measured at each epoch's end; the best held-out epoch is marked.",
  confusion: "Each row is one true class, each column what was said. Mistakes: their counts, coloured by their share of the row; the diagonal tells percent right. Without: all shares of the row in percent.",
  classes: "Share of the images of each class that are right (recall). The orange rest is wrong.",
  mistakes: "The images with the highest loss among the wrong ones, and, for a kind of mistake, its images with the highest loss. The percentage is the probability (softmax) of what was said.",
  telemetry: "Share of the training process's time spent on measuring what this page shows. What the passes at each epoch's end take is told under Evaluation.",
  speed: "Over the last 5 seconds.",
  top5: "Share of test images whose class is not among the five highest scores.",
} as const;
