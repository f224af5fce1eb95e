package solidity

// selectors are the first four bytes of the Keccak-256 of every signature that
// encodeCall can be asked for: gnark's call, and the wrapper's two for each way to
// publish an input, an output and a context. A table spares the verifier a
// dependency for one hash function; a test compares it with go-ethereum's.
var selectors = map[string]uint32{
	"Verify(bytes,uint256[])":                        0x7e4f7a8a,
	"verify(bytes,int256[],bytes)":                   0x50644dc0,
	"verify(bytes,int256[],uint256,bytes)":           0x9a4ee06f,
	"verify(bytes,bytes32,bytes)":                    0x024ad318,
	"verify(bytes,bytes32,uint256,bytes)":            0x22b2433c,
	"verify(bytes32,int256[],bytes)":                 0x49b37b89,
	"verify(bytes32,int256[],uint256,bytes)":         0x29778b3c,
	"verify(bytes32,bytes32,bytes)":                  0xde12c640,
	"verify(bytes32,bytes32,uint256,bytes)":          0xe7b7347e,
	"verifyOrRevert(bytes,int256[],bytes)":           0x8feae899,
	"verifyOrRevert(bytes,int256[],uint256,bytes)":   0xc61c0cc7,
	"verifyOrRevert(bytes,bytes32,bytes)":            0x39183b17,
	"verifyOrRevert(bytes,bytes32,uint256,bytes)":    0x767bcbab,
	"verifyOrRevert(bytes32,int256[],bytes)":         0x264757e4,
	"verifyOrRevert(bytes32,int256[],uint256,bytes)": 0xdcb044ec,
	"verifyOrRevert(bytes32,bytes32,bytes)":          0xdabb1384,
	"verifyOrRevert(bytes32,bytes32,uint256,bytes)":  0x909086e2,
}
