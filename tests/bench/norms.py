"""Asks of a generated charter of norms which duties can end in a dilemma, in two ways that Comity does not go.

In: the folder of a charter that `measure write norms` made, and `clingo` or `naive`. Out: one line of JSON: seconds, and the
articles whose duty can be forbidden on every day of its window (checks.md, N01, on this family of charters: no sums, one
subject, an event may occur on any day). Seconds that run out (third argument) are said, with nothing found.

clingo   one program with every party, event and day; brave consequences (Gebser et al. 2019)
naive    Z3 over one truth value for each event, party and day; the party of a duty is one of an enumeration
"""

import json
import pathlib
import re
import sys
import time

DUTY = re.compile(r"article (\d+) \{ on event(\d+)\(who\) \{ who must act(\d+)\(amount at least (\d+)\) within (\d+) days")
BAN = re.compile(r"article (\d+) \{ on event(\d+)\(who\) \{ who must not act(\d+)\(amount at least (\d+)\) for the first (\d+) days")


def read(folder):
    text = "".join(p.read_text() for p in sorted(pathlib.Path(folder).glob("*.charter")))
    numbers = lambda pattern: [tuple(map(int, found)) for found in pattern.findall(text)]
    return len(re.findall(r"^party ", text, re.M)), numbers(DUTY), numbers(BAN)


def with_clingo(parties, duties, bans, limit):
    import clingo

    facts = [f"party(1..{parties})."]
    facts += [f"duty({n},{e},{a},{x},{days})." for n, e, a, x, days in duties]
    facts += [f"ban({n},{e},{a},{y},{days})." for n, e, a, y, days in bans]
    rules = """
        event(E) :- duty(_,E,_,_,_).   event(E) :- ban(_,E,_,_,_).
        day(0..L) :- L = #max { W : duty(_,_,_,_,W) }.
        { occurs(E,P,D) } :- event(E), party(P), day(D).
        1 { asked(N,P) : duty(N,_,_,_,_), party(P) } 1.
        :- asked(N,P), duty(N,E,_,_,_), not occurs(E,P,0).
        forbidden(A,Y,P,D) :- ban(_,E,A,Y,W), occurs(E,P,S), day(D), S <= D, D <= S + W.
        hit(N,P,D) :- duty(N,_,A,X,L), forbidden(A,Y,P,D), Y <= X, D <= L.
        :- asked(N,P), duty(N,_,_,_,L), day(D), D <= L, not hit(N,P,D).
        dilemma(N) :- asked(N,_).
        #show dilemma/1.
    """
    control = clingo.Control(["--enum-mode=brave", "0"])
    control.add("base", [], "\n".join(facts) + rules)
    control.ground([("base", [])])
    found = []
    with control.solve(yield_=True, async_=True) as handle:
        end = time.monotonic() + limit
        while True:
            handle.resume()
            if not handle.wait(max(0.0, end - time.monotonic())):
                handle.cancel()
                return None
            model = handle.model()
            if model is None:
                return sorted(found)
            found = [s.arguments[0].number for s in model.symbols(shown=True)]


def naively(parties, duties, bans, limit):
    import z3

    end = time.monotonic() + limit
    last = max((days for *_, days in duties), default=0)
    known = {}

    def occurs(event, party, day):
        return known.setdefault((event, party, day), z3.Bool(f"occurs_{event}_{party}_{day}"))

    found = []
    for number, event, action, amount, length in duties:
        against = [b for b in bans if b[2] == action and b[3] <= amount]
        solver = z3.Solver()
        who = z3.Int("who")
        solver.add(who >= 0, who < parties)
        for party in range(parties):
            if time.monotonic() > end:
                return None
            days = [
                z3.Or([occurs(b[1], party, s) for b in against for s in range(max(0, day - b[4]), min(day, last) + 1)])
                for day in range(length + 1)
            ]
            solver.add(z3.Implies(who == party, z3.And(occurs(event, party, 0), *days)))
        solver.set("timeout", max(1, int(1000 * (end - time.monotonic()))))
        answer = solver.check()
        if answer == z3.unknown:
            return None
        if answer == z3.sat:
            found.append(number)
    return found


def main():
    folder, way, limit = sys.argv[1], sys.argv[2], float(sys.argv[3])
    parties, duties, bans = read(folder)
    start = time.monotonic()
    found = {"clingo": with_clingo, "naive": naively}[way](parties, duties, bans, limit)
    seconds = round(time.monotonic() - start, 2)
    print(json.dumps({"way": way, "parties": parties, "seconds": seconds, "articles": found}))


main()
