// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";

import {IERC7992Registry, IERC7992Verifier} from "./interfaces/IERC7992.sol";
import {IInferenceVerifier} from "./interfaces/IInferenceVerifier.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {Claim, Inference, Shape} from "./libraries/Inference.sol";

/// @title Models by number: a registry and a verifier after ERC-7992 (draft).
/// @notice A model is a list of versions under one number. A version is never changed
/// or removed. The owner may add versions, each after a notice that can only become
/// longer, and may give up that right (`freezeModel`). A consumer pins a version, and
/// then depends on nobody, or follows the current one, and then depends on the model's
/// owner.
/// @dev The registry has no owner and holds no value. It cannot tell an honest wrapper
/// from one that accepts everything, and what a wrapper says about itself proves nothing:
/// before you rely on a model, compare its wrapper's code with your own export. README.md
/// says how.
contract ModelRegistry is IModelRegistry, ERC165 {
    /// @notice The proof system of all models here.
    bytes4 public constant PROOF_SYSTEM = bytes4(keccak256("plonk-bn254-gnark-v0.16"));

    /// @notice The longest notice, so that a model cannot be stuck for good by mistake.
    uint64 public constant MAX_NOTICE = 90 days;

    struct Model {
        address owner;
        uint64 notice;
        bool frozen;
        bool deprecated;
        address offeredTo;
        Version[] versions;
        ModelCommitment[] commitments;
    }

    Model[] private _models;
    mapping(address owner => mapping(bytes32 vkHash => Version)) private _declared;

    modifier onlyModelOwner(uint256 modelId) {
        if (_model(modelId).owner != msg.sender) revert NotModelOwner(modelId, msg.sender);
        _;
    }

    /// @inheritdoc IModelRegistry
    function declareVerifier(address wrapper, Shape shape) external returns (bytes32 vkHash) {
        _requireShape(wrapper, shape);
        if (IInferenceVerifier(wrapper).UNSAFE_SRS()) revert UnsafeVerifier(wrapper);
        vkHash = IInferenceVerifier(wrapper).VK_SHA256();
        _declared[msg.sender][vkHash] = Version(wrapper, shape, 0, wrapper.codehash);
        emit VerifierDeclared(msg.sender, vkHash, wrapper, shape);
    }

    /// @inheritdoc IERC7992Registry
    /// @dev The first version is in force at once.
    function registerModel(ModelCommitment calldata commitment) external returns (uint256 modelId) {
        modelId = _models.length + 1;
        Model storage model = _models.push();
        model.owner = msg.sender;
        emit ModelRegistered(modelId, msg.sender, commitment);
        _schedule(modelId, model, commitment, uint64(block.timestamp));
    }

    /// @inheritdoc IERC7992Registry
    /// @dev The new version is in force after the model's notice. The event comes at
    /// once, VersionScheduled says when.
    function updateModel(uint256 modelId, ModelCommitment calldata newCommitment)
        external
        onlyModelOwner(modelId)
    {
        Model storage model = _model(modelId);
        if (model.deprecated) revert ModelIsDeprecated(modelId);
        if (model.frozen) revert ModelIsFrozen(modelId);
        uint64 last = uint64(model.versions.length);
        if (_current(model) != last) revert VersionPending(modelId, last);
        emit ModelUpdated(modelId, model.commitments[last - 1], newCommitment);
        _schedule(modelId, model, newCommitment, uint64(block.timestamp) + model.notice);
    }

    /// @inheritdoc IERC7992Registry
    function deprecateModel(uint256 modelId) external onlyModelOwner(modelId) {
        Model storage model = _model(modelId);
        if (model.deprecated) revert ModelIsDeprecated(modelId);
        model.deprecated = true;
        emit ModelDeprecated(modelId);
    }

    /// @inheritdoc IModelRegistry
    /// @dev A version that is pending still comes into force.
    function freezeModel(uint256 modelId) external onlyModelOwner(modelId) {
        Model storage model = _model(modelId);
        if (model.frozen) revert ModelIsFrozen(modelId);
        model.frozen = true;
        emit ModelFrozen(modelId);
    }

    /// @inheritdoc IModelRegistry
    function raiseNotice(uint256 modelId, uint64 notice) external onlyModelOwner(modelId) {
        Model storage model = _model(modelId);
        if (notice <= model.notice || notice > MAX_NOTICE) revert NoticeOutOfRange(notice);
        model.notice = notice;
        emit NoticeRaised(modelId, notice);
    }

    /// @inheritdoc IModelRegistry
    function offerModel(uint256 modelId, address to) external onlyModelOwner(modelId) {
        _model(modelId).offeredTo = to;
        emit ModelOffered(modelId, to);
    }

    /// @inheritdoc IModelRegistry
    function acceptModel(uint256 modelId) external {
        Model storage model = _model(modelId);
        if (model.offeredTo != msg.sender) revert NotModelOwner(modelId, msg.sender);
        emit ModelTransferred(modelId, model.owner, msg.sender);
        model.owner = msg.sender;
        delete model.offeredTo;
    }

    /// @inheritdoc IERC7992Verifier
    /// @dev `output` is abi.encode(int256[]). `inputCommitment` is what `inputDigest`
    /// gives. `proof` is abi.encode(input, proof) with the input of a Claim. Other encodings
    /// of the same are refused, so that an output has one form in the event. Where the
    /// model's proofs have a context, it must be contextOf(msg.sender), so that nobody
    /// else can send the proof here. Nothing is stored: the same proof is accepted
    /// again, and consumers keep their own nonces.
    function verifyInference(
        uint256 modelId,
        bytes32 inputCommitment,
        bytes calldata output,
        bytes calldata proof
    ) external {
        if (isDeprecated(modelId)) revert VerificationRefused_ModelDeprecated(modelId);
        uint64 version = currentVersion(modelId);
        (bytes memory input, bytes memory inner) = abi.decode(proof, (bytes, bytes));
        if (keccak256(abi.encode(input, inner)) != keccak256(proof)) revert InvalidProof();
        int256[] memory decoded = abi.decode(output, (int256[]));
        if (keccak256(abi.encode(decoded)) != keccak256(output)) revert OutputMismatch();
        if (this.inputDigest(modelId, version, input) != inputCommitment) revert InputCommitmentMismatch();
        bool bound = Inference.hasContext(_version(modelId, version).shape);
        Claim memory claim = Claim(input, decoded, bound ? contextOf(msg.sender) : 0);
        if (!this.verifyClaim(modelId, version, claim, inner)) revert InvalidProof();
        emit InferenceVerified(modelId, inputCommitment, output, msg.sender);
    }

    /// @inheritdoc IModelRegistry
    function verifyClaim(uint256 modelId, uint64 version, Claim calldata claim, bytes calldata proof)
        external
        view
        returns (bool)
    {
        Version storage v = _version(modelId, version);
        return Inference.holds(v.wrapper, v.shape, claim, proof);
    }

    /// @inheritdoc IModelRegistry
    function inputDigest(uint256 modelId, uint64 version, bytes calldata input)
        external
        view
        returns (bytes32)
    {
        return Inference.inputDigest(_version(modelId, version).shape, input);
    }

    /// @inheritdoc IModelRegistry
    function contextOf(address caller) public view returns (uint256) {
        return Inference.context(keccak256(abi.encode(block.chainid, address(this), caller)));
    }

    /// @inheritdoc IERC7992Registry
    function getModel(uint256 modelId)
        external
        view
        returns (ModelCommitment memory commitment, bool deprecated, address owner)
    {
        Model storage model = _model(modelId);
        return (model.commitments[_current(model) - 1], model.deprecated, model.owner);
    }

    /// @inheritdoc IModelRegistry
    function currentVersion(uint256 modelId) public view returns (uint64) {
        return _current(_model(modelId));
    }

    /// @inheritdoc IModelRegistry
    function versionOf(uint256 modelId, uint64 version) external view returns (Version memory) {
        return _version(modelId, version);
    }

    /// @inheritdoc IModelRegistry
    function commitmentOf(uint256 modelId, uint64 version) external view returns (ModelCommitment memory) {
        Model storage model = _model(modelId);
        if (version == 0 || version > model.commitments.length) revert VersionNotFound(modelId, version);
        return model.commitments[version - 1];
    }

    /// @inheritdoc IModelRegistry
    function isDeprecated(uint256 modelId) public view returns (bool) {
        return _model(modelId).deprecated;
    }

    /// @inheritdoc IModelRegistry
    function isFrozen(uint256 modelId) external view returns (bool) {
        return _model(modelId).frozen;
    }

    /// @inheritdoc IModelRegistry
    function noticeOf(uint256 modelId) external view returns (uint64) {
        return _model(modelId).notice;
    }

    /// @inheritdoc IModelRegistry
    function pendingOf(uint256 modelId) external view returns (uint64 version, Version memory pending) {
        Model storage model = _model(modelId);
        uint64 last = uint64(model.versions.length);
        if (_current(model) == last) return (0, pending);
        return (last, model.versions[last - 1]);
    }

    /// @inheritdoc IERC7992Verifier
    function proofSystemOf(uint256 modelId) external view returns (bytes4) {
        Model storage model = _model(modelId);
        return model.commitments[_current(model) - 1].proofSystemId;
    }

    /// @inheritdoc IERC7992Verifier
    function registry() external view returns (address) {
        return address(this);
    }

    /// @inheritdoc ERC165
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IERC7992Registry).interfaceId
            || interfaceId == type(IERC7992Verifier).interfaceId
            || interfaceId == type(IModelRegistry).interfaceId || super.supportsInterface(interfaceId);
    }

    /// Reverts unless the wrapper states the shape. A wrapper that states none, or nothing
    /// that can be read, gets a reason too.
    function _requireShape(address wrapper, Shape shape) private view {
        (bool answered, bytes memory answer) =
            wrapper.staticcall(abi.encodeCall(IInferenceVerifier.SHAPE, ()));
        if (!answered || answer.length != 32) revert NoShapeStated(wrapper);
        uint256 stated = abi.decode(answer, (uint256));
        if (stated > uint256(type(Shape).max)) revert NoShapeStated(wrapper);
        if (stated != uint256(shape)) revert WrongShape(wrapper, Shape(stated), shape);
        if (shape == Shape.Unlisted) revert NoShapeFits(wrapper);
    }

    /// Appends a version, whose verifier the owner declared before.
    function _schedule(
        uint256 modelId,
        Model storage model,
        ModelCommitment calldata commitment,
        uint64 activeFrom
    ) private {
        if (commitment.proofSystemId != PROOF_SYSTEM) {
            revert UnsupportedProofSystem(commitment.proofSystemId);
        }
        Version memory version = _declared[msg.sender][commitment.vkHash];
        if (version.wrapper == address(0)) revert NoVerifierDeclared(msg.sender, commitment.vkHash);
        version.activeFrom = activeFrom;
        model.versions.push(version);
        model.commitments.push(commitment);
        emit VersionScheduled(modelId, uint64(model.versions.length), version.wrapper, activeFrom);
    }

    function _model(uint256 modelId) private view returns (Model storage) {
        if (modelId == 0 || modelId > _models.length) revert ModelNotFound(modelId);
        return _models[modelId - 1];
    }

    /// At most the last version is not yet in force: updateModel sees to it.
    function _current(Model storage model) private view returns (uint64) {
        uint64 last = uint64(model.versions.length);
        return model.versions[last - 1].activeFrom <= block.timestamp ? last : last - 1;
    }

    function _version(uint256 modelId, uint64 version) private view returns (Version storage) {
        Model storage model = _model(modelId);
        if (version == 0 || version > _current(model)) revert VersionNotFound(modelId, version);
        return model.versions[version - 1];
    }
}
