"""What every mechanism needs: people, organisations, places, matters, procedures, events."""
