"""The declaration of stages and actions, and the one door: perform()."""
