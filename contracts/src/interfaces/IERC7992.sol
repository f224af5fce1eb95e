// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The registry of ERC-7992 (draft), Verifiable ML Model Inference.
/// @dev The draft declares `ModelDeprecated` both as an event and as an error, which
/// no compiler takes. Here the event keeps the name, because indexers look for its
/// topic; the error is `ModelIsDeprecated` when somebody tries to change a model, and
/// the draft's own `VerificationRefused_ModelDeprecated` when somebody tries to use
/// one. Interface identifiers depend only on functions, so that ERC-165 answers as in the
/// draft.
interface IERC7992Registry {
    /// @notice What fixes a model.
    /// @param modelHash The digest of the model's file; zero for a private model.
    /// @param circuitHash The digest of the constraint system; zero where none is published.
    /// @param vkHash The digest of the verifying key.
    /// @param proofSystemId The first four bytes of the hash of the proof system's name.
    /// @param uri Where more is told about the model; may be empty.
    struct ModelCommitment {
        bytes32 modelHash;
        bytes32 circuitHash;
        bytes32 vkHash;
        bytes4 proofSystemId;
        string uri;
    }

    event ModelRegistered(uint256 indexed modelId, address indexed owner, ModelCommitment commitment);
    event ModelUpdated(uint256 indexed modelId, ModelCommitment oldCommitment, ModelCommitment newCommitment);
    event ModelDeprecated(uint256 indexed modelId);

    error ModelNotFound(uint256 modelId);
    error NotModelOwner(uint256 modelId, address caller);
    error ModelIsDeprecated(uint256 modelId);

    /// @notice Registers a model for the caller.
    function registerModel(ModelCommitment calldata commitment) external returns (uint256 modelId);

    /// @notice Gives a model a new version.
    function updateModel(uint256 modelId, ModelCommitment calldata newCommitment) external;

    /// @notice Says for good that a model should not be used.
    function deprecateModel(uint256 modelId) external;

    /// @notice The commitment now in force, whether the model is deprecated, and whose it is.
    function getModel(uint256 modelId)
        external
        view
        returns (ModelCommitment memory commitment, bool deprecated, address owner);
}

/// @title The verifier of ERC-7992 (draft).
interface IERC7992Verifier {
    event InferenceVerified(
        uint256 indexed modelId, bytes32 indexed inputCommitment, bytes output, address indexed caller
    );

    error InvalidProof();
    error ModelMismatch();
    error InputCommitmentMismatch();
    error OutputMismatch();
    error UnsupportedProofSystem(bytes4 proofSystemId);
    error VerificationRefused_ModelDeprecated(uint256 modelId);

    /// @notice Reverts unless the proof shows that the model gives this output for the
    /// input behind the commitment.
    function verifyInference(
        uint256 modelId,
        bytes32 inputCommitment,
        bytes calldata output,
        bytes calldata proof
    ) external;

    /// @notice The proof system of a model.
    function proofSystemOf(uint256 modelId) external view returns (bytes4);

    /// @notice The registry that models are looked up in.
    function registry() external view returns (address registryAddress);
}
