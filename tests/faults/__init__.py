"""Sudden death: kill -9, power loss, a full or failing disk, a clock that jumps; and the word at the next start."""
