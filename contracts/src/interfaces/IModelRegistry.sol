// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Claim, Shape} from "../libraries/Inference.sol";
import {IERC7992Registry, IERC7992Verifier} from "./IERC7992.sol";

/// @title Models by number, in versions that can be neither changed nor replaced quietly.
interface IModelRegistry is IERC7992Registry, IERC7992Verifier {
    /// @notice A verifier was declared, to be registered with its key's digest.
    event VerifierDeclared(address indexed owner, bytes32 indexed vkHash, address wrapper, Shape shape);

    /// @notice A version will be the current one from a time on.
    event VersionScheduled(
        uint256 indexed modelId, uint64 indexed version, address wrapper, uint64 activeFrom
    );

    /// @notice A model will never have another version.
    event ModelFrozen(uint256 indexed modelId);

    /// @notice New versions of a model wait this long, in seconds.
    event NoticeRaised(uint256 indexed modelId, uint64 notice);

    /// @notice A model is offered to, or now belongs to, somebody else.
    event ModelOffered(uint256 indexed modelId, address indexed to);
    event ModelTransferred(uint256 indexed modelId, address indexed from, address indexed to);

    /// The caller declared no verifier with this key.
    error NoVerifierDeclared(address owner, bytes32 vkHash);
    /// The wrapper's key was made with a secret that somebody may know.
    error UnsafeVerifier(address wrapper);
    /// The wrapper does not say which arguments it takes: it is no wrapper, or one that an
    /// older zkml wrote.
    error NoShapeStated(address wrapper);
    /// The wrapper says that it takes other arguments.
    error WrongShape(address wrapper, Shape stated, Shape declared);
    /// The wrapper takes arguments of no shape that is known here: it needs an adapter.
    error NoShapeFits(address wrapper);
    /// The model has no such version, or not yet.
    error VersionNotFound(uint256 modelId, uint64 version);
    /// The model will not change any more.
    error ModelIsFrozen(uint256 modelId);
    /// The last version is not in force yet.
    error VersionPending(uint256 modelId, uint64 version);
    /// A notice is a promise: it can only become longer, up to MAX_NOTICE.
    error NoticeOutOfRange(uint64 notice);

    /// @notice What a version is.
    /// @param wrapper The contract that checks its proofs.
    /// @param shape The arguments that the wrapper takes.
    /// @param activeFrom When it becomes the current version.
    /// @param codeHash The hash of the wrapper's code when it was declared. It shows later
    /// whether that code is still there, and nothing more: a wrapper has the address of
    /// its verifier in its code, so that equal sources have different hashes, and a proxy
    /// keeps its hash when what it calls is changed.
    struct Version {
        address wrapper;
        Shape shape;
        uint64 activeFrom;
        bytes32 codeHash;
    }

    /// @notice Declares a wrapper for use by the caller's models. Its digest of the key
    /// is read from it; a key with an unsafe reference string is refused, and so is another
    /// shape than the wrapper states.
    function declareVerifier(address wrapper, Shape shape) external returns (bytes32 vkHash);

    /// @notice No more versions, ever.
    function freezeModel(uint256 modelId) external;

    /// @notice Sets how long new versions have to wait before they are in force.
    function raiseNotice(uint256 modelId, uint64 notice) external;

    /// @notice Offers a model to another owner, who has to accept it; zero withdraws.
    function offerModel(uint256 modelId, address to) external;

    /// @notice Accepts a model that was offered to the caller.
    function acceptModel(uint256 modelId) external;

    /// @notice The number of the version in force; versions count from 1.
    function currentVersion(uint256 modelId) external view returns (uint64);

    /// @notice A version, in force or past. One that is not yet in force is not found.
    function versionOf(uint256 modelId, uint64 version) external view returns (Version memory);

    /// @notice What fixes a version, by the draft's terms.
    function commitmentOf(uint256 modelId, uint64 version) external view returns (ModelCommitment memory);

    /// @notice Whether the owner said that the model should not be used.
    function isDeprecated(uint256 modelId) external view returns (bool);

    /// @notice Whether the model will never have another version.
    function isFrozen(uint256 modelId) external view returns (bool);

    /// @notice How long a new version of the model waits before it is in force, in seconds.
    /// It can only become longer.
    function noticeOf(uint256 modelId) external view returns (uint64);

    /// @notice The version that is not in force yet, and what it is; its activeFrom says
    /// when it will be. Zero if there is none.
    function pendingOf(uint256 modelId) external view returns (uint64 version, Version memory pending);

    /// @notice One word that fixes an input: a private one's salted commitment, or a
    /// digest of the bytes of a public one.
    function inputDigest(uint256 modelId, uint64 version, bytes calldata input)
        external
        view
        returns (bytes32);

    /// @notice Whether a claim about a version holds. It does not ask whether the model
    /// is deprecated: that is for whoever pins a version to decide.
    function verifyClaim(uint256 modelId, uint64 version, Claim calldata claim, bytes calldata proof)
        external
        view
        returns (bool);

    /// @notice The context that `verifyInference` expects of a caller's proofs.
    function contextOf(address caller) external view returns (uint256);
}
