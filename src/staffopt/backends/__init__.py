"""One translator a solver, behind one method, run in a worker process of its own."""
