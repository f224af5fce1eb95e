// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {Claim} from "./libraries/Inference.sol";

/// @title What a validator uses of the validation registry of ERC-8004, Trustless Agents.
/// @dev The draft as of February 2026, where a tag is a string.
interface IERC8004Validation {
    /// @notice Records the validator's answer to a request, 0 to 100; only the validator
    /// that the request names may call it.
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external;

    /// @notice What is recorded of a request.
    function getValidationStatus(bytes32 requestHash)
        external
        view
        returns (
            address validatorAddress,
            uint256 agentId,
            uint8 response,
            bytes32 responseHash,
            string memory tag,
            uint256 lastUpdate
        );
}

/// @title A validator of ERC-8004 that answers with proofs: 100 or 0, and nothing between.
/// @notice An agent says that a version of a model gave it an output. Its owner files
/// `requestHashOf` that statement with the validation registry and names this contract.
/// Anybody then answers: with a proof of the statement, 100; with a proof that the same
/// version gives another output for the same input, 0. A model has one output for an
/// input, so that no request can get both. A statement that nobody proves stays
/// unanswered: that says nothing for or against it, though the registry may read 0. An
/// answer has this contract's tag and the proof's digest.
/// @dev No owner, no state. A proof belongs to nobody here: whoever sends it, the answer
/// is the same.
contract ERC8004Validator {
    /// @notice What an agent asks to have validated.
    /// @param agentId The agent, by its number in the identity registry.
    /// @param modelId The model, by its number in the registry of models.
    /// @param version The version of the model, which must be in force or past.
    /// @param claim The input, the output that the agent stands for, and, for a model whose
    /// proofs have a context, the context that the proof is made for.
    /// @param salt Tells two requests about one claim apart; anything.
    struct Request {
        uint256 agentId;
        uint256 modelId;
        uint64 version;
        Claim claim;
        bytes32 salt;
    }

    /// The registry has this request for another agent or for another validator.
    error RequestNotFiled(bytes32 requestHash);
    /// The proof does not show what it should.
    error NotProved(bytes32 requestHash);
    /// A claim is not refuted by the output that it states.
    error SameOutput(bytes32 requestHash);

    /// @notice The tag of every answer.
    string public constant TAG = "zkml";

    /// @notice Where requests are filed, and where models are looked up.
    IERC8004Validation public immutable validations;
    IModelRegistry public immutable models;

    constructor(IERC8004Validation validations_, IModelRegistry models_) {
        validations = validations_;
        models = models_;
    }

    /// @notice The hash under which a request is filed: of this chain, this contract and
    /// everything that is stated.
    function requestHashOf(Request calldata request) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), request));
    }

    /// @notice Answers 100 with a proof of the claim.
    function confirm(Request calldata request, bytes calldata proof) external {
        bytes32 requestHash = _filed(request);
        if (!models.verifyClaim(request.modelId, request.version, request.claim, proof)) {
            revert NotProved(requestHash);
        }
        validations.validationResponse(requestHash, 100, "", keccak256(proof), TAG);
    }

    /// @notice Answers 0 with a proof that the output is another one.
    function refute(Request calldata request, int256[] calldata output, bytes calldata proof) external {
        bytes32 requestHash = _filed(request);
        if (keccak256(abi.encode(output)) == keccak256(abi.encode(request.claim.output))) {
            revert SameOutput(requestHash);
        }
        Claim memory truth = Claim(request.claim.input, output, request.claim.context);
        if (!models.verifyClaim(request.modelId, request.version, truth, proof)) {
            revert NotProved(requestHash);
        }
        validations.validationResponse(requestHash, 0, "", keccak256(proof), TAG);
    }

    /// The hash of a request that the agent's owner filed with this validator. Somebody
    /// else could have filed it for an agent of his own.
    function _filed(Request calldata request) private view returns (bytes32 requestHash) {
        requestHash = requestHashOf(request);
        // slither-disable-next-line unused-return
        (address validator, uint256 agentId,,,,) = validations.getValidationStatus(requestHash);
        if (validator != address(this) || agentId != request.agentId) revert RequestNotFiled(requestHash);
    }
}
