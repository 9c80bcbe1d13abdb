"""Line validation: the answer is proven on the enterprise's line (产线验证)."""
