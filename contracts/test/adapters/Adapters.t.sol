// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {Adapter} from "../../src/adapters/Adapter.sol";
import {HashedModelAdapter, IHashedModelVerifier} from "../../src/adapters/HashedModelAdapter.sol";
import {ISignedInputVerifier, SignedInputAdapter} from "../../src/adapters/SignedInputAdapter.sol";
import {IInferenceVerifier, IPrivateInputContextVerifier} from "../../src/interfaces/IInferenceVerifier.sol";
import {Claim, Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";
import {StatedMock} from "../mocks/WrapperMock.sol";

/// Accepts the signer (1, 2) and the model "weights", for context 7 and proof "proof".
contract PinnedMock is StatedMock, ISignedInputVerifier, IHashedModelVerifier {
    bytes32 public constant VK_SHA256 = "key";
    bool public constant UNSAFE_SRS = false;

    constructor() {
        state(Shape.Unlisted);
    }

    function supportsInterface(bytes4 id) public view override(IERC165, StatedMock) returns (bool) {
        return id == type(ISignedInputVerifier).interfaceId || id == type(IHashedModelVerifier).interfaceId
            || super.supportsInterface(id);
    }

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

/// What an adapter reads of the wrapper of a batch.
contract BatchMock {
    uint256 public constant BATCH = 2;

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IERC165).interfaceId || id == type(IHashedModelVerifier).interfaceId;
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

    function test_AnAdapterSaysWhatItsWrapperSays() public {
        SignedInputAdapter adapter = new SignedInputAdapter(wrapper, [uint256(1), 2]);
        yes(adapter.SHAPE() == Shape.PrivateInputContext);
        yes(adapter.supportsInterface(type(IInferenceVerifier).interfaceId));
        yes(adapter.supportsInterface(type(IPrivateInputContextVerifier).interfaceId));
        yes(adapter.supportsInterface(0x01ffc9a7));
        no(adapter.supportsInterface(type(ISignedInputVerifier).interfaceId));
        eq(keccak256(bytes(adapter.ZKML_VERSION())), keccak256("mock"));
        eq(adapter.BATCH() + adapter.INPUTS() + adapter.OUTPUTS(), 2);
        yes(adapter.inputFormat(0).exponent == -8);
        yes(adapter.outputFormat(0).count == 2);
        no(adapter.UNSAFE_SRS());
    }

    function test_AnAdapterOfAnotherWrapperIsRefused() public {
        address model = address(mock("one input"));
        bytes memory refusal = abi.encodeWithSelector(Adapter.NotSuchAWrapper.selector, model);
        vm.expectRevert(refusal);
        new SignedInputAdapter(ISignedInputVerifier(model), [uint256(1), 2]);
        vm.expectRevert(refusal);
        new HashedModelAdapter(IHashedModelVerifier(model), "weights");
    }

    /// The calls of a batch look the same.
    function test_AnAdapterRefusesABatchAndWhatIsNoWrapper() public {
        address[3] memory others = [address(new BatchMock()), address(this), address(1234)];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Adapter.NotSuchAWrapper.selector, others[i]));
            new HashedModelAdapter(IHashedModelVerifier(others[i]), "weights");
        }
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
