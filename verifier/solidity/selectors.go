package solidity

// selectors are the first four bytes of the Keccak-256 of every signature that
// encodeCall can be asked for: gnark's call, and the wrapper's two for each way to
// publish an input, an output, a context and a signer. A table spares the verifier a
// dependency for one hash function; a test compares it with go-ethereum's.
var selectors = map[string]uint32{
	"Verify(bytes,uint256[])":                                   0x7e4f7a8a,
	"verify(bytes,int256[],bytes)":                              0x50644dc0,
	"verify(bytes,int256[],uint256,bytes)":                      0x9a4ee06f,
	"verify(bytes,bytes32,bytes)":                               0x024ad318,
	"verify(bytes,bytes32,uint256,bytes)":                       0x22b2433c,
	"verify(bytes32,int256[],bytes)":                            0x49b37b89,
	"verify(bytes32,int256[],uint256,bytes)":                    0x29778b3c,
	"verify(bytes32,bytes32,bytes)":                             0xde12c640,
	"verify(bytes32,bytes32,uint256,bytes)":                     0xe7b7347e,
	"verifyOrRevert(bytes,int256[],bytes)":                      0x8feae899,
	"verifyOrRevert(bytes,int256[],uint256,bytes)":              0xc61c0cc7,
	"verifyOrRevert(bytes,bytes32,bytes)":                       0x39183b17,
	"verifyOrRevert(bytes,bytes32,uint256,bytes)":               0x767bcbab,
	"verifyOrRevert(bytes32,int256[],bytes)":                    0x264757e4,
	"verifyOrRevert(bytes32,int256[],uint256,bytes)":            0xdcb044ec,
	"verifyOrRevert(bytes32,bytes32,bytes)":                     0xdabb1384,
	"verifyOrRevert(bytes32,bytes32,uint256,bytes)":             0x909086e2,
	"verify(bytes,int256[],uint256[2],bytes)":                   0x4582d425,
	"verify(bytes,int256[],uint256,uint256[2],bytes)":           0x6bdf802e,
	"verify(bytes,bytes32,uint256[2],bytes)":                    0xbe0b2459,
	"verify(bytes,bytes32,uint256,uint256[2],bytes)":            0xbcef50ec,
	"verify(bytes32,int256[],uint256[2],bytes)":                 0x6550fc36,
	"verify(bytes32,int256[],uint256,uint256[2],bytes)":         0x5f4b5e48,
	"verify(bytes32,bytes32,uint256[2],bytes)":                  0x0d8c13dc,
	"verify(bytes32,bytes32,uint256,uint256[2],bytes)":          0xb272f44e,
	"verifyOrRevert(bytes,int256[],uint256[2],bytes)":           0x55aff100,
	"verifyOrRevert(bytes,int256[],uint256,uint256[2],bytes)":   0xf86289f3,
	"verifyOrRevert(bytes,bytes32,uint256[2],bytes)":            0x3b6fa4d8,
	"verifyOrRevert(bytes,bytes32,uint256,uint256[2],bytes)":    0xefb4705f,
	"verifyOrRevert(bytes32,int256[],uint256[2],bytes)":         0x7a87988a,
	"verifyOrRevert(bytes32,int256[],uint256,uint256[2],bytes)": 0x8caed2ee,
	"verifyOrRevert(bytes32,bytes32,uint256[2],bytes)":          0xb9e4860a,
	"verifyOrRevert(bytes32,bytes32,uint256,uint256[2],bytes)":  0x75366f5f,
}
