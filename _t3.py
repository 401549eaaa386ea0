import sys,time; sys.path.insert(0, "/work/wt/identities")
import tests.test_expectations_identities as t
import expectations.evaluate as ev
def timed(name, f):
    def g(*a,**k):
        c,w=time.process_time(),time.time(); r=f(*a,**k); print(name, a[1:][:1] if name=='run' else '', round(time.process_time()-c,2), round(time.time()-w,2), flush=True); return r
    return g
ev._run=timed('run',ev._run); ev._judge_predicates=timed('pred',ev._judge_predicates)
t.Perturbed._copy=timed('copy',t.Perturbed._copy)
t.load=timed('load',t.load)
for args in ((t.TABLES,t.OF_TABLES,"moved","unread","removed"),(t.PROSE,t.OF_PROSE,"moved")):
    c=time.process_time(); p=t.Perturbed(*args); print(len(p.cases), time.process_time()-c)
    print([ (r['form'],k) for b in p.bases for k,r in p.base[b.report_id].items() if r['outcome']=='fail'])
