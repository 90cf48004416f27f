"""A plan as an object."""

import staffopt as so


def test_a_plan_names_itself_in_one_short_line():
    plan = so.solve(so.load("tiny"), cross_check=False)
    shown = f"<Plan {plan.id}: tiny, option {plan.inputs['option']}, {plan.grade.value}>"
    assert repr(plan) == str(plan) == shown
    assert len(shown) < 100


def test_the_goal_told_while_solving_is_plain_text():
    seen = []
    so.solve(so.load("tiny"), progress=seen.append, cross_check=False)
    assert {type(news.goal) for news in seen} == {str}
