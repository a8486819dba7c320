"""The systems around us, one file each, behind the ports of `services`."""
