// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {BoundConsumer, ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";

/// @title An example: tokens for those whom a model finds eligible, once for each person.
/// @notice A registrar enrols people: each hands in one salted commitment to an identity
/// vector, and the registrar sees to it that no person hands in two. The root of their
/// tree is fixed here. Who proves that the vector behind an enrolled commitment is of
/// the eligible class gets the tokens, and the commitment is spent.
/// @dev A salted commitment by itself is no nullifier: a person can salt the same vector
/// again, and has another. It is the enrolment that makes one commitment of one person.
contract CommittedAirdrop is BoundConsumer {
    using SafeERC20 for IERC20;

    /// @notice How long a new version of a model that is followed is known beforehand.
    uint64 public constant NOTICE = 7 days;

    event Claimed(address indexed to, bytes32 indexed commitment);

    /// The commitment is not enrolled.
    error NotEnrolled(bytes32 commitment);
    /// The tokens for this commitment were claimed.
    error Spent(bytes32 commitment);
    /// The model does not find the vector eligible.
    error NotEligible();
    /// Claims have ended, or have not.
    error WrongTime();

    IERC20 public immutable token;
    uint256 public immutable amount;
    bytes32 public immutable root;
    int256 public immutable eligibleClass;
    uint64 public immutable endsAt;
    address public immutable sponsor;

    mapping(bytes32 commitment => bool) public spent;

    constructor(
        IModelRegistry registry_,
        uint256 modelId_,
        uint64 pinnedVersion_,
        IERC20 token_,
        uint256 amount_,
        bytes32 root_,
        int256 eligibleClass_,
        uint64 endsAt_
    ) ModelConsumer(registry_, modelId_, pinnedVersion_, NOTICE) {
        token = token_;
        amount = amount_;
        root = root_;
        eligibleClass = eligibleClass_;
        endsAt = endsAt_;
        sponsor = msg.sender;
    }

    /// @notice Claims for the caller.
    /// @param path The way from the commitment's leaf to the root.
    /// @param proof Made for contextOf(sender), so that nobody else can send it.
    function claim(
        bytes32 commitment,
        bytes32[] calldata path,
        int256[] calldata output,
        bytes calldata proof
    ) external {
        if (block.timestamp > endsAt) revert WrongTime();
        if (spent[commitment]) revert Spent(commitment);
        if (!MerkleProof.verifyCalldata(path, root, leafOf(commitment))) revert NotEnrolled(commitment);
        _acceptProof(abi.encode(commitment), output, proof);
        if (output[0] != eligibleClass) revert NotEligible();
        spent[commitment] = true;
        emit Claimed(msg.sender, commitment);
        token.safeTransfer(msg.sender, amount);
    }

    /// @notice Returns what was not claimed to who gave it.
    function sweep() external {
        if (block.timestamp <= endsAt) revert WrongTime();
        token.safeTransfer(sponsor, token.balanceOf(address(this)));
    }

    /// @notice The leaf of a commitment: hashed twice, so that no inner node is one.
    function leafOf(bytes32 commitment) public pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(commitment))));
    }
}
