package decide

// An Exception says why what is known of an operation changes what the table says of
// its answers. The zero value is none.
type Exception uint8

// The exceptions. A table decides on answers alone; of several exceptions the first
// in this order holds.
const (
	NoException    Exception = iota
	NeverQueued              // it only reads: a read is never sent to a queue
	HoldsStep                // the caller's own step must be undone when it fails, and no compensation is named
	ReadsBack                // the caller's next step reads what it writes, and nothing makes that read see it
	BehindAlready            // its caller runs behind a queue, a timer or a workflow: async and hybrid are one thing, and a second queue gains nothing
	NothingBetween           // a fast call within a process or into a store of the caller's, of no concern: a job table gains nothing
	EitherWay                // it is fast, may be repeated later, and somebody wants the outcome: async and hybrid are both right

	exceptionCount = 7
)

var exceptionNames = [exceptionCount]string{"", "never-queued", "holds-step", "reads-back", "behind-already", "nothing-between", "either-way"}

// String returns the stable name of the exception, "" for none.
func (x Exception) String() string {
	if int(x) < len(exceptionNames) {
		return exceptionNames[x]
	}
	return "invalid exception"
}

// JudgeFacts are the facts that Judge reads.
const JudgeFacts = Query | Event | FanOut | Brokered | Local | OwnStore | Compensated | Behind | Gate | ReadBack | ReadServed

// Judge returns what the table says of a, and what facts make of it: Possible then
// holds every verdict that is right. It does not allocate when the table decides a.
func (t *Table) Judge(a Answers, f Facts) Decision {
	d := t.Decide(a)
	if d.Decided() {
		d.Verdict, d.Possible, d.Exception = except(d.Verdict, a, f)
		return d
	}
	if f&JudgeFacts != 0 {
		t.judgeOpen(&d, a, f)
	}
	return d
}

// judgeOpen judges every completion of answers that leave several verdicts.
func (t *Table) judgeOpen(d *Decision, a Answers, f Facts) {
	var all open
	for q := range a {
		all.ask(Question(q), a[q])
	}
	var verdicts, right VerdictSet
	var exceptions, turning uint8 // of any completion; of those whose verdict they turn
	for _, i := range all.answers[Immediacy][:all.count[Immediacy]] {
		for _, r := range all.answers[Retryability][:all.count[Retryability]] {
			for _, l := range all.answers[Latency][:all.count[Latency]] {
				for _, c := range all.answers[Coupling][:all.count[Coupling]] {
					complete := Answers{i, r, l, c}
					of := t.decisions[code(complete)].Verdict
					v, possible, x := except(of, complete, f)
					verdicts |= SetOf(v)
					right |= possible
					exceptions |= 1 << x
					if v != of {
						turning |= 1 << x
					}
				}
			}
		}
	}
	d.Possible = right
	if d.Verdict = verdicts.Only(); d.Decided() {
		d.Next = 0
		if d.Exception = first(turning); d.Exception == NoException { // without a turn, only what holds for all
			d.Exception = onlyException(exceptions)
		}
	}
}

// open holds the answers that each question may still get.
type open struct {
	answers [QuestionCount][3]Answer
	count   [QuestionCount]int
}

func (o *open) ask(q Question, a Answer) {
	if a != Unknown && q.Allows(a) {
		o.answers[q][0], o.count[q] = a, 1
		return
	}
	o.count[q] = copy(o.answers[q][:], q.Answers())
}

// first returns the first exception of a set, or none.
func first(set uint8) Exception {
	for x := NoException + 1; x < exceptionCount; x++ {
		if set&(1<<x) != 0 {
			return x
		}
	}
	return NoException
}

// onlyException returns the one exception of a set, or none when there are several.
func onlyException(set uint8) Exception {
	for x := NoException; x < exceptionCount; x++ {
		if set == 1<<x {
			return x
		}
	}
	return NoException
}

// except returns the verdict that facts make of the one that the table gives for
// complete or sufficient answers, and all that are as right.
func except(v Verdict, a Answers, f Facts) (Verdict, VerdictSet, Exception) {
	fast, beyond, later := a[Latency] == No, a[Latency] == Beyond, a[Immediacy] == Later
	detached := SetOf(Async, Hybrid)
	switch {
	case v == Sync || v == Undecided:
		return v, SetOf(v), NoException
	case f&Query != 0 && beyond:
		return Hybrid, SetOf(Hybrid), exceptionWhen(v != Hybrid, NeverQueued)
	case f&Query != 0 && later:
		return Sync, SetOf(Sync, Hybrid), NeverQueued
	case f&Query != 0:
		return Sync, SetOf(Sync), NeverQueued
	case f&Gate != 0 && f&Compensated == 0:
		return kept(v, beyond), SetOf(Sync, Hybrid), HoldsStep
	case f&ReadBack != 0 && f&ReadServed == 0:
		return kept(v, beyond), SetOf(Sync, Hybrid), ReadsBack
	case f&Behind != 0 && (beyond || f&(Event|FanOut|Brokered) != 0):
		return Async, SetOf(Sync) | detached, BehindAlready
	case f&Behind != 0:
		return Sync, SetOf(Sync) | detached, BehindAlready
	case f&(Local|OwnStore) != 0 && fast && a[Coupling] == No:
		return Sync, SetOf(Sync, v), NothingBetween
	case v == Async && later && fast && a[Retryability] == Yes:
		return Async, detached, EitherWay
	}
	return v, SetOf(v), NoException
}

// kept is the verdict for work that the caller's next step hangs on: it waits, or goes on
// with what the acknowledgment says.
func kept(v Verdict, beyond bool) Verdict {
	if beyond || v == Hybrid {
		return Hybrid
	}
	return Sync
}

func exceptionWhen(holds bool, x Exception) Exception {
	if holds {
		return x
	}
	return NoException
}
