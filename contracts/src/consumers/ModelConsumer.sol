// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {Claim, Inference} from "../libraries/Inference.sol";

/// @title A contract that relies on a model.
/// @notice It pins a version, and then depends on nobody; or it follows the model, and
/// then the model's owner decides what it relies on, after the model's notice.
abstract contract ModelConsumer {
    /// The proof does not show this prediction by this model, or was made for another
    /// sender, contract, chain or use.
    error InvalidProof();
    /// The owner of the model, which is followed, deprecated it.
    error ModelIsDeprecated();

    /// @notice Where the model is looked up, and its number there.
    IModelRegistry public immutable registry;
    uint256 public immutable modelId;

    /// @notice The version that is relied on for ever, or zero for the current one.
    uint64 public immutable pinnedVersion;

    constructor(IModelRegistry registry_, uint256 modelId_, uint64 pinnedVersion_) {
        // These revert for a model or a version that does not exist.
        // slither-disable-next-line unused-return
        if (pinnedVersion_ != 0) registry_.versionOf(modelId_, pinnedVersion_);
        // slither-disable-next-line unused-return
        else registry_.currentVersion(modelId_);
        registry = registry_;
        modelId = modelId_;
        pinnedVersion = pinnedVersion_;
    }

    /// @notice The version now relied on; zero, for none, if the model is followed and its
    /// owner deprecated it.
    function modelVersion() public view returns (uint64) {
        if (pinnedVersion != 0) return pinnedVersion;
        return registry.isDeprecated(modelId) ? 0 : registry.currentVersion(modelId);
    }

    /// Reverts unless the model gives the output for the input. A fact, and no more:
    /// with a context of zero the proof may be anybody's, and may have been used before.
    function _requireFact(bytes memory input, int256[] calldata output, uint256 context, bytes calldata proof)
        internal
        view
    {
        uint64 version = modelVersion();
        if (version == 0) revert ModelIsDeprecated();
        if (!registry.verifyClaim(modelId, version, Claim(input, output, context), proof)) {
            revert InvalidProof();
        }
    }
}

/// @title A contract whose users prove something of their own.
/// @notice A proof is bound by its context to this chain, this contract, its sender and
/// one use: nobody can take it from the mempool, and it works once. Models without a
/// context are refused.
abstract contract BoundConsumer is ModelConsumer {
    /// @notice How many proofs of each sender were accepted.
    mapping(address sender => uint256) public nonces;

    /// @notice What the next proof of a sender must be made for: the option --context of
    /// `zkml prove`.
    function contextOf(address sender) public view returns (uint256) {
        return Inference.context(keccak256(abi.encode(block.chainid, address(this), sender, nonces[sender])));
    }

    /// Accepts a proof of the caller, once.
    function _acceptProof(bytes memory input, int256[] calldata output, bytes calldata proof) internal {
        uint256 context = contextOf(msg.sender);
        ++nonces[msg.sender];
        _requireFact(input, output, context, proof);
    }
}
