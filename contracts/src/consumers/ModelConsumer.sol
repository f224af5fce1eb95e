// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IInferenceVerifier} from "../interfaces/IInferenceVerifier.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {Claim, Inference} from "../libraries/Inference.sol";

/// @title A contract that relies on a model.
/// @notice It pins a version, and then depends on nobody; or it follows the model, and
/// then the model's owner decides what it relies on, after a notice that is never shorter
/// than the consumer asked for. The version to begin with is the one in force when the
/// consumer is deployed: look at `modelVersion` then.
abstract contract ModelConsumer {
    /// The proof does not show this prediction by this model, or was made for another
    /// sender, contract, chain or use.
    error InvalidProof();
    /// The owner of the model, which is followed, deprecated it.
    error ModelIsDeprecated();
    /// The model that is to be followed may change sooner than the consumer allows.
    error NoticeTooShort(uint64 notice);

    /// @notice Where the model is looked up, and its number there.
    IModelRegistry public immutable registry;
    uint256 public immutable modelId;

    /// @notice The version on which the contract relies for ever, or zero for the current one.
    uint64 public immutable pinnedVersion;

    /// @param leastNotice How many seconds a new version has to be known before it is in
    /// force, if the model is followed. It is checked once, because a model's notice never
    /// becomes shorter; a pending version may have a shorter one.
    constructor(IModelRegistry registry_, uint256 modelId_, uint64 pinnedVersion_, uint64 leastNotice) {
        // These revert for a model or a version that does not exist.
        // slither-disable-next-line unused-return
        if (pinnedVersion_ != 0) registry_.versionOf(modelId_, pinnedVersion_);
        else _requireNotice(registry_, modelId_, leastNotice);
        registry = registry_;
        modelId = modelId_;
        pinnedVersion = pinnedVersion_;
    }

    /// @notice The version on which the contract now relies; zero, for none, if the model
    /// is followed and its owner deprecated it.
    function modelVersion() public view returns (uint64) {
        if (pinnedVersion != 0) return pinnedVersion;
        return registry.isDeprecated(modelId) ? 0 : registry.currentVersion(modelId);
    }

    function _requireNotice(IModelRegistry registry_, uint256 modelId_, uint64 least) private view {
        uint64 notice = registry_.noticeOf(modelId_);
        if (notice < least) revert NoticeTooShort(notice);
        (uint64 version, IModelRegistry.Version memory pending) = registry_.pendingOf(modelId_);
        if (version == 0) return;
        uint64 left = pending.activeFrom - uint64(block.timestamp);
        if (left < least) revert NoticeTooShort(left);
    }

    /// Whether an integer of the model's first output stands for a real number of at least
    /// real/1e18. It is asked of the version on which the contract relies now, because
    /// another one may have another scale.
    function _reaches(int256 score, int256 real) internal view returns (bool) {
        uint64 version = modelVersion();
        if (version == 0) revert ModelIsDeprecated();
        address wrapper = registry.versionOf(modelId, version).wrapper;
        return score >= IInferenceVerifier(wrapper).outputFormat(0).fromReal(real);
    }

    /// Reverts unless the model gives the output for the input. It shows only this fact:
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

/// @title A contract whose users prove something about themselves.
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
