// Package adversary owns the examination of compiled circuits by a dishonest
// prover: it lays a constraint system open (System), replays it from a changed
// wire on (Replay), tells lies and repairs what they break (Attacker), follows
// every hint's wire to what pins it (Pins), and enumerates all assignments of
// small circuits (Search). It must not know models or how gadgets work: it reads
// what it needs from the compiled gates. Only tests import it.
//
// The attack model. The prover chooses every output of a hint, every inverse, and
// the secret inputs. The public inputs are given, except the outputs, which become
// whatever the lies lead to. Everything else follows by the gates, as in an honest
// run. The challenge is drawn again from the committed values after every change,
// as a hash would be: the prover is adaptive, sees each challenge and computes its
// next change from it, but cannot undo it. With Frozen the challenge never changes,
// which no real circuit allows: it shows that the same adversary wins then.
package adversary
