// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {IInferenceVerifier} from "../../src/interfaces/IInferenceVerifier.sol";
import {Format, Shape} from "../../src/libraries/InferenceFormat.sol";

/// What a wrapper of one input and one output says of itself.
abstract contract StatedMock is IInferenceVerifier {
    Shape public SHAPE;
    string public constant ZKML_VERSION = "mock";
    uint256 public constant BATCH = 0;
    uint256 public constant INPUTS = 1;
    uint256 public constant OUTPUTS = 1;

    Format internal _output = Format(2, 62, 2 ** 61, 1, 0, 0);

    function state(Shape shape) public {
        SHAPE = shape;
    }

    function scale(uint64 mantissa, int16 exponent) external {
        (_output.mantissa, _output.exponent) = (mantissa, exponent);
    }

    function inputFormat(uint256) external pure returns (Format memory) {
        return Format(1, 8, 0, 1, -8, 0);
    }

    function outputFormat(uint256) external view returns (Format memory) {
        return _output;
    }

    function supportsInterface(bytes4 interfaceId) public view virtual returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IInferenceVerifier).interfaceId;
    }
}

/// A wrapper whose model is a hash: the class of an input is its hash modulo 4, and
/// the proof of a claim is its hash. It has all four shapes, states the one that it is
/// told, and stands in for real proofs where tests need thousands of them.
contract WrapperMock is StatedMock {
    bytes32 public VK_SHA256;
    bool public UNSAFE_SRS;

    constructor(bytes32 vkHash, bool unsafeSRS) {
        VK_SHA256 = vkHash;
        UNSAFE_SRS = unsafeSRS;
    }

    /// The one output that can be proved.
    function classOf(bytes memory input) public pure returns (int256) {
        return int256(uint256(keccak256(input)) % 4);
    }

    /// The one proof that is accepted.
    function prove(bytes memory input, int256 class, uint256 context) public view returns (bytes memory) {
        return abi.encode(keccak256(abi.encode(VK_SHA256, input, class, context)));
    }

    function verify(bytes calldata input, int256[] calldata output, bytes calldata proof)
        external
        view
        returns (bool)
    {
        return _holds(input, output, 0, proof);
    }

    function verify(bytes32 commitment, int256[] calldata output, bytes calldata proof)
        external
        view
        returns (bool)
    {
        return _holds(abi.encode(commitment), output, 0, proof);
    }

    function verify(bytes calldata input, int256[] calldata output, uint256 context, bytes calldata proof)
        external
        view
        returns (bool)
    {
        return _holds(input, output, context, proof);
    }

    function verify(bytes32 commitment, int256[] calldata output, uint256 context, bytes calldata proof)
        external
        view
        returns (bool)
    {
        return _holds(abi.encode(commitment), output, context, proof);
    }

    function _holds(bytes memory input, int256[] calldata output, uint256 context, bytes calldata proof)
        private
        view
        returns (bool)
    {
        return output.length == 1 && output[0] == classOf(input)
            && keccak256(proof) == keccak256(prove(input, output[0], context));
    }
}

/// A wrapper that accepts everything.
contract YesMock is StatedMock {
    bytes32 public constant VK_SHA256 = "yes";
    bool public constant UNSAFE_SRS = false;

    function verify(bytes calldata, int256[] calldata, bytes calldata) external pure returns (bool) {
        return true;
    }
}
