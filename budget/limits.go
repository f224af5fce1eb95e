package budget

const smaller = "make the model smaller, or split it"

// The policy. Each limit is far above what an honest file asks for, and so low that
// the work of a dishonest one ends in seconds and in a few gigabytes of memory.
var (
	// Nodes are those of a graph, or the steps of a program. Compilers take time
	// and memory for each of them, and sort them to that depth.
	Nodes = Limit{What: "nodes", Most: 1 << 20, Remedy: smaller}
	// TreeNodes are those of the decision trees of one node of a graph, leaves, members of
	// sets and roots that a list names among them: a thousand trees of depth 8 have 511,000. A test takes some 5 rows.
	TreeNodes = Limit{What: "nodes of decision trees", Most: 1 << 19, Remedy: smaller}
	// Steps are those of an integer program. Each has a few passes over all of its
	// values, besides what its elements cost.
	Steps = Limit{What: "steps", Most: 1 << 18, Remedy: smaller}
	// Rank is the number of axes of a tensor.
	Rank = Limit{What: "axes", Most: 64, Remedy: "reshape the tensor"}
	// TensorElements are those of one tensor: 2^28 numbers of 8 bytes are 2 GiB.
	TensorElements = Limit{What: "elements of one tensor", Most: 1 << 28, Remedy: smaller}
	// Elements are those of all values of a graph or program together. An element
	// that a circuit reads costs a good part of a row, and no ceremony has more
	// than 2^28 rows; an interval of each takes 16 bytes.
	Elements = Limit{What: "elements of all values", Most: 1 << 26, Remedy: smaller}
	// Growth is by how many elements constants become more while a graph is folded: a
	// file of a few bytes can expand one number to any size. Masks, ramps and repeated
	// rows are small; weights that are cast or turned do not grow.
	Growth = Limit{What: "elements that constants grow by", Most: 1 << 22, Remedy: "store large constants in the file"}
	// LayoutElements are those of one input or output that people send about.
	LayoutElements = Limit{What: "elements of one input or output", Most: 1 << 24, Remedy: smaller}
	// InputElements are those of one input of a model.
	InputElements = Limit{What: "elements of one input of a model", Most: 1 << 22, Remedy: smaller}
	// Size is one size of a shape in an ONNX file.
	Size = Limit{What: "positions of one axis", Most: 1<<31 - 1, Remedy: smaller}
	// Window is each number of a window's kernel, strides, dilations and pads.
	Window = Limit{What: "positions of one axis of a window", Most: 1 << 20, Remedy: smaller}
	// Ports are the inputs and outputs of a model, its context and its signers.
	Ports = Limit{What: "inputs and outputs", Most: 64, Remedy: "prove some of the outputs only"}
	// NodeWork is the multiplications of one node: the terms of MobileNet's largest
	// layers are 51 million.
	NodeWork = Limit{What: "multiplications of one node", Most: 1 << 27, Remedy: "split it, or make the model smaller"}
	// Multiplications are those of all linear layers of a graph, taken one by one.
	// ResNet-18 for pictures of 32x32 has 0.56·10⁹.
	Multiplications = Limit{What: "multiplications", Most: 1 << 31, Remedy: smaller}
	// Products are those of two variables in all steps: each is a gate, and takes
	// some 50 ns whenever integers are bounded.
	Products = Limit{What: "products of two variables", Most: 1 << 26, Remedy: smaller}
	// Terms are the products of linear steps that are held in memory at once, at
	// some 40 bytes each.
	// Patterns, kernels and rows of the structured layers of a stored program have as
	// many numbers at most; the terms that they stand for are Multiplications.
	Terms = Limit{What: "terms of linear layers", Most: 1 << 26, Remedy: smaller}
	// Indices are the numbers of elements that a program's steps list: windows,
	// groups, moves, factors.
	Indices = Limit{What: "indices of steps", Most: 1 << 26, Remedy: smaller}
	// Entries are those of one table.
	Entries = Limit{What: "entries of one table", Most: 1 << 22, Remedy: "use fewer bits for what is looked up"}
	// AllEntries are those of all tables of a program, at 8 bytes each. Every
	// different one takes rows.
	AllEntries = Limit{What: "entries of all tables", Most: 1 << 26, Remedy: "use fewer bits for what is looked up"}
	// Rows are those of a circuit: the 2-adicity of r − 1 leaves no larger domain.
	Rows = Limit{What: "rows", Most: 1 << 28, Remedy: smaller}
	// Batch is how many inputs one proof may be about. The circuit is defined once
	// for each of them.
	Batch = Limit{What: "inputs in one proof", Most: 4096, Remedy: "prove them in several proofs"}
	// Digit is the width of range-check digits: their table has 2^Digit rows.
	Digit = Limit{What: "bits of a range-check digit", Most: 20, Remedy: "compile the model again"}
	// Nesting is the depth of what is written inside something else: JSON, messages.
	Nesting = Limit{What: "levels of nesting", Most: 100, Remedy: "write the file without them"}
	// Members are the names in one JSON object, or in an .npz.
	Members = Limit{What: "names in one object or archive", Most: 1 << 16, Remedy: "give the values as one array"}
	// Texts are those of one input or output: labels of classes, categories.
	Texts = Limit{What: "texts of one input or output", Most: 1 << 16, Remedy: "encode texts before the model"}
	// TextLength is the most of one of them.
	TextLength = Limit{What: "bytes of one text", Most: 1 << 10, Remedy: "make it shorter"}
	// TextBytes are those of all texts of one input or output.
	TextBytes = Limit{What: "bytes of texts of one input or output", Most: 1 << 20,
		Remedy: "encode texts before the model"}
	// Samples are those of a data set that are kept in memory.
	Samples = Limit{What: "samples", Most: 1 << 24, Remedy: "give fewer samples"}
	// SampleElements are those of all samples of a data set.
	SampleElements = Limit{What: "elements of all samples", Most: 1 << 28, Remedy: "give fewer samples"}
)

// Limits of files, in bytes.
var (
	// ModelBytes is the most of an ONNX file and of each file beside it: its format's
	// own limit.
	ModelBytes = Limit{What: "bytes", Most: 1<<31 - 1, Remedy: smaller}
	// ExternalBytes is the most that a model may take from files beside it: any number of
	// tensors may point into one.
	ExternalBytes = Limit{What: "bytes of external data", Most: 1 << 31, Remedy: smaller}
	// PurposeBytes is the most of a signature's purpose.
	PurposeBytes = Limit{What: "bytes of a purpose", Most: 256, Remedy: "say it in fewer words"}
	// DataBytes is the most of a file of samples, unpacked.
	DataBytes = Limit{What: "bytes", Most: 1 << 30, Remedy: "give fewer samples"}
	// Pixels are those of one picture, which a small file can claim.
	Pixels = Limit{What: "pixels", Most: 1 << 26, Remedy: "scale the picture down"}
	// ArchitectureBytes is the most of architecture.json. Its program is in it once
	// in words and once encoded, without the weights.
	ArchitectureBytes = Limit{What: "bytes", Most: 1 << 26, Remedy: smaller}
	// ProgramBytes is the most of an encoded program, weights included.
	ProgramBytes = Limit{What: "bytes", Most: 1 << 30, Remedy: smaller}
	// ManifestBytes is the most of a bundle's manifest.
	ManifestBytes = Limit{What: "bytes", Most: 64 << 20, Remedy: smaller}
	// KeyBytes is the most of verifying-key.json. A key itself has 47 KB; formats
	// grow with the model.
	KeyBytes = Limit{What: "bytes", Most: 16 << 20, Remedy: smaller}
	// ProofBytes is the most of proof.json, which repeats public inputs and outputs.
	ProofBytes = Limit{What: "bytes", Most: 64 << 20, Remedy: "prove fewer inputs in one proof"}
	// SmallBytes is the most of a file of a few numbers: a conformance proof, a salt,
	// a signature.
	SmallBytes = Limit{What: "bytes", Most: 1 << 20, Remedy: "write the file again"}
)
