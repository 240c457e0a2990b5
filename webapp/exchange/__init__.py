"""Networks as files of other programs: ONNX out and in."""
