"""Hot topics on the workbench, and topics of the month with their plans and measures."""
