"""“You said, we did”: what people want changed, who sees to it by when or why not, and what people are told of it."""
