"""A worker whose PuLP finds a "GUROBI": a stand-in, since no licensed solver is at hand.

It answers with CBC, and tells of an end as PuLP 3.3's own GUROBI does: ``python licensed.py END``.
"""

from __future__ import annotations

import sys
import warnings

import pulp
import pulp.apis

from staffopt.backends.through_pulp import ThroughPulp
from staffopt.worker import serve

warnings.simplefilter("ignore")  # PuLP 3 warns of PuLP 4

# What PuLP 3.3's GUROBI sets by SolCount and Status: status, sol_status.
ENDS = {
    "honest": None,
    "incumbent": (pulp.LpStatusOptimal, pulp.LpSolutionIntegerFeasible),
    "no_license": None,
    "undefined": (pulp.LpStatusUndefined, pulp.LpSolutionInfeasible),
    "empty_handed": (pulp.LpStatusOptimal, pulp.LpSolutionOptimal),
}


class StandIn(pulp.LpSolver):
    name = "GUROBI"
    seen: dict[str, float] = {}  # noqa: RUF012 - one program, one solver

    def __init__(self, mip=True, msg=True, timeLimit=None, gapRel=None, **parameters):  # noqa: N803
        super().__init__(mip=mip, msg=msg, timeLimit=timeLimit, gapRel=gapRel)
        assert not parameters, "only what the constructor names is passed"
        assert not gapRel or gapRel > 0

    def available(self):
        return True

    def actualSolve(self, lp):  # noqa: N802
        end = sys.argv[1]
        if end == "no_license":
            raise pulp.PulpSolverError("GurobiError: Model too large for size-limited license")
        assert [v.name for v in lp.variables()] == [f"x{n:07d}" for n in range(len(lp.variables()))]
        assert self.optionsDict["gapRel"] > 0, "a gap of 0 is no gap to PuLP's GUROBI"
        status = pulp.PULP_CBC_CMD(msg=False).actualSolve(lp)
        if ENDS[end]:
            lp.assignStatus(*ENDS[end])
        if end == "empty_handed":
            for variable in lp.variables():
                variable.varValue = float("nan")
        return status


pulp.apis._all_solvers.append(StandIn)
if __name__ == "__main__":
    sys.exit(serve(lambda: ThroughPulp("pulp:gurobi")))
