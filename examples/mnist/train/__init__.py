"""Trains the MNIST networks of this example so that they survive quantisation.

Owns the data set reader, the networks, their training and their export to
ONNX. It knows nothing of circuits: integer.py restates the integer semantics
on its own, so that a model's figures do not depend on the code it is meant to
test. Only train.py beside this package imports it.
"""
