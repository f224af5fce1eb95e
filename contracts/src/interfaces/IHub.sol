// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title What both hubs have in common: questions to models, fees, and answers.
interface IHub {
    /// @notice A question to a model.
    /// @param modelId The model's number in the registry. OptimisticHub takes only models
    /// whose proofs have a context.
    /// @param version The version to ask, zero for the one now in force. Whatever is
    /// asked, the version is fixed here: it cannot change under an open request.
    /// @param input The bytes of a public input, or the 32 bytes of the commitment to a
    /// private one, which only somebody who knows the input can answer.
    /// @param deadline Until when an answer may come.
    /// @param prover The only one who may answer first, zero for anybody.
    /// @param callbackGas The gas of the call back to the asker, up to MAX_CALLBACK_GAS;
    /// zero for none. Whoever settles pays for it.
    struct Question {
        uint256 modelId;
        uint64 version;
        bytes input;
        uint64 deadline;
        address prover;
        uint32 callbackGas;
    }

    event Requested(
        uint256 indexed requestId,
        address indexed requester,
        uint256 indexed modelId,
        uint64 version,
        uint256 fee,
        uint64 deadline,
        address prover,
        uint32 callbackGas,
        bytes input
    );
    event Answered(uint256 indexed requestId, address indexed prover, int256[] output);
    event Refunded(uint256 indexed requestId);
    event Undelivered(uint256 indexed requestId);
    event Delivered(uint256 indexed requestId);
    event Withdrawn(address indexed account, address indexed to, uint256 amount);

    /// The deadline is in the past or further away than MAX_DURATION.
    error DeadlineOutOfRange(uint64 deadline);
    /// The call back is to get more gas than MAX_CALLBACK_GAS.
    error CallbackGasOutOfRange(uint32 callbackGas);
    /// The model's owner deprecated it; name a version to ask it nevertheless.
    error ModelIsDeprecated(uint256 modelId);
    /// A private input is asked about by the 32 bytes of its commitment.
    error NotACommitment();
    /// The request is in a state in which this cannot be done, or does not exist.
    error WrongState(uint256 requestId);
    /// It is too early, or too late.
    error WrongTime(uint256 requestId);
    /// The request names somebody else to answer it.
    error NotTheProver(uint256 requestId, address prover);
    /// The input is not the one asked about.
    error WrongInput(uint256 requestId);
    /// The proof does not show this answer, or was made for another request or sender.
    error InvalidProof(uint256 requestId);
    /// The gas left would not suffice for the call back.
    error GasTooLow(uint256 requestId);
    /// Nothing waits to be delivered, or the output is another one.
    error NothingToDeliver(uint256 requestId);
    /// The receiver refused the money.
    error TransferFailed(address to);

    /// @notice The context that a prover's proof must have been made with.
    function contextOf(uint256 requestId, address prover) external view returns (uint256);

    /// @notice Delivers an answer again whose call back failed, with all the gas given: at
    /// least what the question wants, so that nobody can use the answer up. Anybody may call.
    function redeliver(uint256 requestId, int256[] calldata output) external;

    /// @notice Pays out what the caller is owed.
    function withdraw(address to) external returns (uint256 amount);

    /// @notice What an account can withdraw.
    function owed(address account) external view returns (uint256);
}
