"""Counts gates of deep ensembles as they are proved, and as they would be if each tree followed
one path by a lookup, for docs/rationale.md.

    build/peers/bin/python dev/classical/paths.py

The environment is that of peers.py. Trees grow until their leaves are pure, on real features.
"""

import numpy as np
from sklearn import datasets
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier, RandomForestRegressor

# A split is three gates, a node none, one or three, by how many of its children are leaves.
SPLIT, NODE = 3, {2: 0, 1: 1, 0: 3}
# An entry of a table with one output is two gates of its denominator, one of the sum and one of
# the committed count; a level of a path at least eight of a comparison and three of a lookup.
ENTRY, LEVEL = 4, 11
# A level's feature and threshold take some 24 bits of a row of the table, a word of it has 253.
BITS, WORD = 24, 253


def counted(model):
    thresholds, nodes, leaves, depth = set(), 0, 0, 0
    trees = np.ravel(model.estimators_)
    for tree in (e.tree_ for e in trees):
        leaf = tree.children_left < 0
        for i in np.flatnonzero(~leaf):
            thresholds.add((tree.feature[i], np.float32(tree.threshold[i])))
            nodes += NODE[int(leaf[tree.children_left[i]]) + int(leaf[tree.children_right[i]])]
        leaves, depth = leaves + leaf.sum(), max(depth, tree.max_depth)
    words = -(-depth * BITS // WORD)
    once, each = leaves * (ENTRY + words - 1), len(trees) * depth * LEVEL
    return depth, leaves, len(thresholds), SPLIT * len(thresholds) + nodes, leaves * ENTRY + each, once, each


def main():
    x, y = datasets.make_classification(6000, 10, n_informative=8, n_classes=2, random_state=1)
    x, y = x[:4000].astype(np.float32), y[:4000]
    real = x @ np.arange(10) + np.random.RandomState(0).normal(size=4000)
    for name, model, target in [
        ("one tree", RandomForestClassifier(1, bootstrap=False, random_state=1), y),
        ("forest, 10 trees", RandomForestClassifier(10, random_state=1), y),
        ("forest, 100 trees", RandomForestClassifier(100, random_state=1), y),
        ("extra trees, 100 of depth 12", ExtraTreesClassifier(100, max_depth=12, random_state=1), y),
        ("extra trees, 100", ExtraTreesClassifier(100, random_state=1), y),
        ("forest of a regression, 100 trees", RandomForestRegressor(100, max_features=0.33, random_state=1), real),
    ]:
        depth, leaves, thresholds, now, least, once, each = counted(model.fit(x, target))
        print(f"| {name} | {depth} | {leaves} | {thresholds} | {now} | {least} | {once} + {each} |")


main()
