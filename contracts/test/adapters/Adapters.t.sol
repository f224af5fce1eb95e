// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {HashedModelAdapter, IHashedModelVerifier} from "../../src/adapters/HashedModelAdapter.sol";
import {ISignedInputVerifier, SignedInputAdapter} from "../../src/adapters/SignedInputAdapter.sol";
import {Claim, Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";

/// Accepts the signer (1, 2) and the model "weights", for context 7 and proof "proof".
contract PinnedMock is ISignedInputVerifier, IHashedModelVerifier {
    bytes32 public constant VK_SHA256 = "key";
    bool public constant UNSAFE_SRS = false;

    function verify(
        bytes32,
        int256[] calldata output,
        uint256 context,
        uint256[2] calldata signer,
        bytes calldata proof
    ) external pure returns (bool) {
        return signer[0] == 1 && signer[1] == 2 && _rest(output, context, proof);
    }

    function verify(
        bytes32,
        int256[] calldata output,
        uint256 context,
        bytes32 modelCommitment,
        bytes calldata proof
    ) external pure returns (bool) {
        return modelCommitment == "weights" && _rest(output, context, proof);
    }

    function _rest(int256[] calldata output, uint256 context, bytes calldata proof)
        private
        pure
        returns (bool)
    {
        return output[0] == 3 && context == 7 && keccak256(proof) == keccak256("proof");
    }
}

contract AdaptersTest is ModelTest {
    PinnedMock internal wrapper = new PinnedMock();

    /// Registers an adapter, and asks about what the stand-in accepts.
    function accepts(address adapter) internal returns (bool) {
        uint256 id = publish(adapter, Shape.PrivateInputContext);
        bytes memory input = abi.encode(bytes32("commitment"));
        no(registry.verifyClaim(id, 1, Claim(input, one(2), 7), "proof"));
        no(registry.verifyClaim(id, 1, Claim(input, one(3), 8), "proof"));
        no(registry.verifyClaim(id, 1, Claim(input, one(3), 7), "another"));
        return registry.verifyClaim(id, 1, Claim(input, one(3), 7), "proof");
    }

    function test_OneSignerIsAccepted() public {
        yes(accepts(address(new SignedInputAdapter(wrapper, [uint256(1), 2]))));
        no(accepts(address(new SignedInputAdapter(wrapper, [uint256(2), 1]))));
    }

    function test_OneModelIsAccepted() public {
        yes(accepts(address(new HashedModelAdapter(wrapper, "weights"))));
        no(accepts(address(new HashedModelAdapter(wrapper, "others"))));
    }
}
