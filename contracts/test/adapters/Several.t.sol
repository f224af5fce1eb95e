// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {Adapter} from "../../src/adapters/Adapter.sol";
import {IInferenceVerifier, IPublicInputContextVerifier} from "../../src/interfaces/IInferenceVerifier.sol";
import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";
import {Claim as Asked, Shape} from "../../src/libraries/Inference.sol";
import {Format} from "../../src/libraries/InferenceFormat.sol";
import {ModelTest} from "../base/ModelTest.sol";
import {StatedMock} from "../mocks/WrapperMock.sol";

/// The interface that zkml writes for a model with a public image, a private mask, and
/// two outputs.
interface ISegment is IInferenceVerifier {
    struct Claim {
        bytes image;
        bytes32 maskCommitment;
        int256[] scores;
        uint256 labelClass;
        uint256 context;
    }

    function verify(Claim calldata claim, bytes calldata proof) external view returns (bool);
}

/// Accepts one claim, which it is given the digest of.
contract SegmentMock is StatedMock, ISegment {
    bytes32 public constant VK_SHA256 = "segment";
    bool public constant UNSAFE_SRS = false;
    bytes32 private immutable _accepted;

    constructor(bytes32 accepted) {
        _accepted = accepted;
        state(Shape.Unlisted);
    }

    function supportsInterface(bytes4 id) public view override(IERC165, StatedMock) returns (bool) {
        return id == ISegment.verify.selector || super.supportsInterface(id);
    }

    function verify(Claim calldata claim, bytes calldata proof) external view returns (bool) {
        return keccak256(abi.encode(claim, proof)) == _accepted;
    }
}

/// Shows the label of a segment as the registry's `output`; the scores go along with the
/// proof. Its input is both of the model's: an image alone would leave the mask to
/// whoever proves. It says of one output alone what the wrapper says of its second.
contract LabelAdapter is Adapter, IPublicInputContextVerifier {
    ISegment public immutable wrapper;

    /// @inheritdoc IInferenceVerifier
    uint256 public constant override(Adapter, IInferenceVerifier) OUTPUTS = 1;

    constructor(ISegment wrapper_)
        Adapter(
            wrapper_,
            ISegment.verify.selector,
            Shape.PublicInputContext,
            type(IPublicInputContextVerifier).interfaceId
        )
    {
        wrapper = wrapper_;
    }

    /// @param input abi.encode(image, maskCommitment).
    /// @param output The label, and nothing else.
    /// @param proof abi.encode(scores, proof).
    function verify(bytes calldata input, int256[] calldata output, uint256 context, bytes calldata proof)
        external
        view
        returns (bool)
    {
        if (output.length != 1 || output[0] < 0) return false;
        ISegment.Claim memory claim;
        (claim.image, claim.maskCommitment) = abi.decode(input, (bytes, bytes32));
        bytes memory inner;
        (claim.scores, inner) = abi.decode(proof, (int256[], bytes));
        claim.labelClass = uint256(output[0]);
        claim.context = context;
        return wrapper.verify(claim, inner);
    }

    /// @inheritdoc IInferenceVerifier
    function outputFormat(uint256 index)
        external
        view
        override(Adapter, IInferenceVerifier)
        returns (Format memory)
    {
        return wrapper.outputFormat(index + 1);
    }
}

contract SeveralTest is ModelTest {
    SegmentMock internal wrapper = new SegmentMock(keccak256(abi.encode(claimed(), bytes("proof"))));

    function claimed() internal pure returns (ISegment.Claim memory claim) {
        claim.image = "image";
        claim.maskCommitment = "mask";
        claim.scores = new int256[](2);
        claim.scores[1] = 5;
        claim.labelClass = 1;
        claim.context = 7;
    }

    /// A wrapper of several ports has none of the shapes, so that its class is never read as a
    /// context, whatever it is declared with.
    function test_NoShapeFits() public {
        Shape[4] memory shapes =
            [Shape.PublicInput, Shape.PrivateInput, Shape.PublicInputContext, Shape.PrivateInputContext];
        for (uint256 i = 0; i < shapes.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IModelRegistry.WrongShape.selector, wrapper, Shape.Unlisted, shapes[i])
            );
            registry.declareVerifier(address(wrapper), shapes[i]);
        }
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NoShapeFits.selector, wrapper));
        registry.declareVerifier(address(wrapper), Shape.Unlisted);
    }

    function asks(uint256 id, bytes memory input, int256 label, uint256 context, int256 score)
        internal
        view
        returns (bool)
    {
        int256[] memory scores = claimed().scores;
        scores[1] = score;
        return
            registry.verifyClaim(id, 1, Asked(input, one(label), context), abi.encode(scores, bytes("proof")));
    }

    function test_AnAdapterSaysOfWhichOutput() public {
        uint256 id = publish(address(new LabelAdapter(wrapper)), Shape.PublicInputContext);
        bytes memory input = abi.encode(bytes("image"), bytes32("mask"));
        yes(asks(id, input, 1, 7, 5));
        no(asks(id, input, 5, 7, 5));
        no(asks(id, input, -1, 7, 5));
        no(asks(id, input, 1, 8, 5));
        no(asks(id, input, 1, 7, 6));
        no(asks(id, abi.encode(bytes("image"), bytes32("another mask")), 1, 7, 5));
    }
}
