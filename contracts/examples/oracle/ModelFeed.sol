// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";

/// @title A contract with data of its own, in rounds that do not change any more.
interface IObservations {
    /// @notice A round's data, in the bytes that the model's wrapper takes; empty for a
    /// round that is not complete.
    function observation(uint80 round) external view returns (bytes memory);
}

/// @title An example: a feed whose value is a model's output over another contract's data.
/// @notice Anybody advances the feed by a proof. The input is read from the source and
/// not from the caller, so that there is nothing to report and nobody to trust with it.
/// @dev The functions are those of the feeds that DeFi reads prices from.
contract ModelFeed is ModelConsumer {
    /// @notice How long a new version of a model that is followed is known beforehand.
    uint64 public constant NOTICE = 7 days;

    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    /// The round is not newer than the latest.
    error OldRound(uint80 round);
    /// The source has no data for this round.
    error NoData(uint80 round);
    /// No round was answered yet, or not this one.
    error NoAnswer(uint80 round);

    struct Answer {
        int256 value;
        uint64 updatedAt;
        uint64 version;
    }

    IObservations public immutable source;

    /// @notice What the feed is about, and the decimals of its value.
    string public description;
    uint8 public immutable decimals;

    uint80 public latestRound;
    mapping(uint80 round => Answer) private _answers;

    constructor(
        IModelRegistry registry_,
        uint256 modelId_,
        uint64 pinnedVersion_,
        IObservations source_,
        string memory description_,
        uint8 decimals_
    ) ModelConsumer(registry_, modelId_, pinnedVersion_, NOTICE) {
        source = source_;
        description = description_;
        decimals = decimals_;
    }

    /// @notice Advances the feed to a round, by a proof of the model's output for it.
    function update(uint80 round, int256[] calldata output, bytes calldata proof) external {
        if (round <= latestRound) revert OldRound(round);
        bytes memory input = source.observation(round);
        if (input.length == 0) revert NoData(round);
        _requireFact(input, output, 0, proof);
        latestRound = round;
        _answers[round] = Answer(output[0], uint64(block.timestamp), modelVersion());
        emit AnswerUpdated(output[0], round, block.timestamp);
    }

    /// @notice The latest answer. Readers refuse one that is too old for them.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        return getRoundData(latestRound);
    }

    /// @notice The answer for a round.
    function getRoundData(uint80 round)
        public
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        Answer memory a = _answers[round];
        if (a.updatedAt == 0) revert NoAnswer(round);
        return (round, a.value, a.updatedAt, a.updatedAt, round);
    }

    /// @notice The version of the model behind a round's answer.
    function version(uint80 round) external view returns (uint256) {
        return _answers[round].version;
    }
}
