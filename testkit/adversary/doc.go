// Package adversary owns the examination of compiled circuits by a dishonest
// prover: it lays a constraint system open (System), replays it from a changed
// wire on (Replay), tells lies and repairs what they break (Attacker), follows
// every hint's wire to what pins it (Pins), and enumerates all assignments of
// small circuits (Search). It must not know models or how gadgets work: what it
// needs of them it reads off the compiled gates. Only tests import it.
//
// The attack model. The prover chooses every wire that a hint makes, every
// inverse, and the secret inputs; the public inputs are given, but for the
// outputs, which become whatever the lies lead to. Everything else follows by
// the gates, as in an honest run. The challenge is drawn anew from what is
// committed after every change, as a hash would: the prover is adaptive, it sees
// each challenge and computes its next change from it, but cannot undo it. With
// Frozen the challenge stays what it was, which no real circuit allows: it
// serves to show that the same adversary wins then.
package adversary
