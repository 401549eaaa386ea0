import sys; sys.path.insert(0, "/work/wt/identities")
import duckdb, time, sys
from tests.told import tell
from tests.test_expectations_identities import *
from expectations.evaluate import evaluate
t=time.time()
accts=[replace(a, told=tell(a.cells)) for a in (RICH_2024, PLAIN_2024)]
with duckdb.connect() as con:
    load(con,*accts); catalogue(con); evaluate(con, all_operands=False)
    print(time.time()-t)
    for r in con.execute("select report_id, identity, instance, form, lhs, rhs, detail from quality.identity_result where outcome='fail'").fetchall()[:60]: print(r)
    print(con.execute("select identity from quality.identity_result group by 1 having not bool_or(outcome in ('exact','rounding')) order by 1").fetchall())
    print(con.execute("select outcome, count(*) from quality.identity_result group by 1").fetchall())
