"""What both surfaces share on the web: headers, error pages, languages. No room's business."""
