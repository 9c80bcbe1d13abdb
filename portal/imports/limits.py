"""How much one import takes, so that a hostile file costs little and a large one keeps nobody waiting."""

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 40 * 1024 * 1024
MAX_ENTRIES = 500
MAX_ROWS = 2_000
MAX_COLUMNS = 100
MAX_CELL = 32_767  # what Excel itself lets into a cell
MOST_PROBLEMS = 500
