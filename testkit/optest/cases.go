package optest

import "slices"

// Cases lists the hand-made examinations, at least one for each operator.
func Cases() []Case {
	layers := slices.Concat(layerNormCases, einsumCases, attentionCases, fusedCases, quantisedCases,
		quantisedLayerCases, dynamicCases)
	return slices.Concat(linearCases, windowCases, functionCases, groupCases, moveCases, selectCases, compareCases,
		layers,
		foldedCases, classifierCases, regressorCases, normCases, featureCases, textCases, treeCases, truthCases,
		powerCases, roundingCases, svmCases, scanCases, distanceCases, rearrangeCases,
		resizeCases, sampleCases, recurrentCases, loopCases,
		circularCases, cutCases, fusedGelus,
		divisionCases, slopeCases, reducedCases)
}
