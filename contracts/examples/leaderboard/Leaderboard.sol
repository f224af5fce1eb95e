// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";
import {Claim} from "../../src/libraries/Inference.sol";

/// @title An example: models compete on a test set that nobody could train on.
/// @notice The organiser fixes the test set by the root of a tree of salted leaves.
/// Models enter by a version of the registry until entries close. The organiser admits
/// those whose wrapper is what it says it is. Then the block's randomness picks the
/// samples that count, the organiser shows them, and a model scores a point for each of
/// these that it is proved to get right. What is not proved in time is wrong.
/// @dev The registry takes any wrapper, also one that says yes to every proof, and no
/// contract can tell. So a person compares the code, before anybody knows which samples
/// count.
contract Leaderboard {
    event Entered(uint256 indexed entry, uint256 indexed modelId, uint64 version, address by);
    event Admitted(uint256 indexed entry);
    event Drawn(uint256 seed);
    event Scored(uint256 indexed entry, uint256 indexed sample, bool right);

    /// It is too early or too late for this.
    error WrongTime();
    /// The samples were drawn, or were not.
    error WrongState();
    /// This sample does not count.
    error NotDrawn(uint256 index);
    /// The leaf is not in the test set.
    error NotInTestSet(uint256 index);
    /// The entry was scored on this sample before.
    error AlreadyScored(uint256 entry, uint256 index);
    /// The proof does not show this prediction by this model.
    error InvalidProof();
    /// Only the organiser admits entries.
    error NotTheOrganiser();
    /// The organiser did not admit this entry.
    error NotAdmitted(uint256 entry);
    /// No entry has a point.
    error NobodyScored();
    /// More samples are to be drawn than there are.
    error TooFewSamples();

    struct Entry {
        uint256 modelId;
        uint64 version;
        address by;
        uint32 points;
        bool admitted;
    }

    IModelRegistry public immutable registry;

    /// @notice Who deployed the board, and admits entries.
    address public immutable organiser;

    /// @notice The root of the test set, its size, and how many samples count.
    bytes32 public immutable root;
    uint256 public immutable samples;
    uint256 public immutable rounds;

    /// @notice When entries close and when scoring does.
    uint64 public immutable closesAt;
    uint64 public immutable endsAt;

    uint256 public drawBlock;
    uint256 public seed;
    Entry[] public entries;
    uint256 private _leader;
    mapping(uint256 entry => mapping(uint256 sample => bool)) public scored;

    constructor(
        IModelRegistry registry_,
        bytes32 root_,
        uint256 samples_,
        uint256 rounds_,
        uint64 closesAt_,
        uint64 endsAt_
    ) {
        if (rounds_ > samples_) revert TooFewSamples();
        if (endsAt_ <= closesAt_) revert WrongTime();
        registry = registry_;
        organiser = msg.sender;
        root = root_;
        samples = samples_;
        rounds = rounds_;
        closesAt = closesAt_;
        endsAt = endsAt_;
    }

    /// @notice Enters a version of a model. Anybody may enter any.
    function enter(uint256 modelId, uint64 version) external returns (uint256 entry) {
        if (block.timestamp >= closesAt) revert WrongTime();
        // Asked for its revert, if there is no such version.
        // slither-disable-next-line unused-return
        registry.versionOf(modelId, version);
        entry = entries.length;
        entries.push(Entry(modelId, version, msg.sender, 0, false));
        emit Entered(entry, modelId, version, msg.sender);
    }

    /// @notice Says that an entry's wrapper was compared with one that zkml writes, until
    /// the block that draws is fixed.
    function admit(uint256 entry) external {
        if (msg.sender != organiser) revert NotTheOrganiser();
        if (drawBlock != 0) revert WrongState();
        entries[entry].admitted = true;
        emit Admitted(entry);
    }

    /// @notice Fixes the block that draws: a later one than this, so that who calls
    /// cannot know it.
    function commitDraw() external {
        if (block.timestamp < closesAt) revert WrongTime();
        // A draw that nobody made in time has lost its block's hash, and is made again.
        bool lost = drawBlock != 0 && block.number > drawBlock + 256;
        if (seed != 0 || drawBlock != 0 && !lost) revert WrongState();
        drawBlock = block.number + 1;
    }

    /// @notice Draws the samples that count.
    function draw() external {
        if (seed != 0 || drawBlock == 0 || block.number <= drawBlock) revert WrongState();
        bytes32 hash = blockhash(drawBlock);
        if (hash == 0) revert WrongTime();
        seed = uint256(hash);
        emit Drawn(seed);
    }

    /// @notice Scores an entry on a sample that counts. Anybody may.
    /// @param leaf What the organiser shows of the sample: its label and its salt.
    /// @param proof The model's, for an input without a context.
    function score(
        uint256 entry,
        uint256 index,
        bytes32 salt,
        int256 label,
        bytes32[] calldata path,
        Claim calldata leaf,
        bytes calldata proof
    ) external {
        if (seed == 0) revert WrongState();
        if (block.timestamp > endsAt) revert WrongTime();
        if (!isDrawn(index)) revert NotDrawn(index);
        if (!entries[entry].admitted) revert NotAdmitted(entry);
        if (scored[entry][index]) revert AlreadyScored(entry, index);
        if (!MerkleProof.verifyCalldata(path, root, leafOf(index, leaf.input, label, salt))) {
            revert NotInTestSet(index);
        }
        Entry storage e = entries[entry];
        if (leaf.context != 0 || !registry.verifyClaim(e.modelId, e.version, leaf, proof)) {
            revert InvalidProof();
        }
        scored[entry][index] = true;
        bool right = leaf.output[0] == label;
        if (right) _addPoint(entry);
        emit Scored(entry, index, right);
    }

    /// @notice Whether a sample counts: `rounds` in a row, from one that the seed picks.
    function isDrawn(uint256 index) public view returns (bool) {
        if (seed == 0 || index >= samples) return false;
        // The seed is the hash of a block after entries have closed, as the description says.
        // slither-disable-next-line weak-prng
        return (index + samples - seed % samples) % samples < rounds;
    }

    /// @notice The entry with most points, the first of equals, once scoring has ended.
    function best() external view returns (uint256 entry) {
        if (block.timestamp <= endsAt) revert WrongTime();
        entry = _leader;
        if (entries.length == 0 || entries[entry].points == 0) revert NobodyScored();
    }

    /// @notice The leaf of a sample: hashed twice, so that no inner node is one.
    function leafOf(uint256 index, bytes memory input, int256 label, bytes32 salt)
        public
        pure
        returns (bytes32)
    {
        return keccak256(bytes.concat(keccak256(abi.encode(index, keccak256(input), label, salt))));
    }

    /// Keeps the leader as points come in: entries are free, so that there may be too many
    /// to count in the end.
    function _addPoint(uint256 entry) private {
        uint32 points = ++entries[entry].points;
        uint32 most = entries[_leader].points;
        if (points > most || points == most && entry < _leader) _leader = entry;
    }
}
