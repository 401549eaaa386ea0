import sys; sys.path.insert(0, "/work/wt/identities")
import duckdb
from tests.told import tell
from tests.test_expectations_identities import *
import expectations.evaluate as ev
a=replace(RICH_2024, told=tell(RICH_2024.cells))
for i in IDENTITIES.values():
    if i.predicate:
        with duckdb.connect() as con:
            load(con,a); catalogue(con)
            try: evaluate(con,[i])
            except duckdb.Error as e: print(i.id, str(e)[:600])
