// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ClassGate} from "zkml-contracts/src/consumers/ClassGate.sol";
import {Gate} from "zkml-contracts/src/consumers/Gate.sol";
import {ModelConsumer} from "zkml-contracts/src/consumers/ModelConsumer.sol";
import {IModelRegistry} from "zkml-contracts/src/interfaces/IModelRegistry.sol";

/// @title Who proves that a credit model calls them good may dance.
/// @notice The owner checks a person's application off chain, and posts the salted
/// commitment to it. The person proves what the model says of it; it stays with them.
contract Club is ClassGate, Ownable {
    event Danced(address indexed account, uint256 times);

    /// The proof is about another input than the owner has checked for this account.
    error NotAttested(address account);

    mapping(address account => bytes32 commitment) public attested;
    mapping(address account => uint256 times) public dances;

    constructor(IModelRegistry registry, uint256 model, uint256 class)
        ModelConsumer(registry, model, 1, 0) // version 1 for good, so no notice of a change is asked for
        Gate(7 days) // how long a pass is valid
        ClassGate(2 ** class) // one bit for each class that is admitted
        Ownable(msg.sender)
    {}

    function attest(address account, bytes32 commitment) external onlyOwner {
        attested[account] = commitment;
    }

    function dance() external onlyAdmitted {
        emit Danced(msg.sender, ++dances[msg.sender]);
    }

    function _requireGenuine(address account, bytes calldata input) internal view override {
        bytes32 commitment = abi.decode(input, (bytes32));
        if (commitment == 0 || commitment != attested[account]) revert NotAttested(account);
    }
}
