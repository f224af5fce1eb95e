// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC8004Validation} from "../../src/ERC8004Validator.sol";

/// The requests and answers of a validation registry of ERC-8004, where anybody may
/// speak for any agent.
contract ValidationsMock is IERC8004Validation {
    struct Status {
        address validator;
        uint256 agentId;
        uint8 response;
        bytes32 responseHash;
        string tag;
        uint256 lastUpdate;
    }

    mapping(bytes32 requestHash => Status) internal _statuses;
    uint256 public answers;

    function validationRequest(
        address validator,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external {
        requestURI;
        require(_statuses[requestHash].validator == address(0), "exists");
        _statuses[requestHash] = Status(validator, agentId, 0, 0, "", block.timestamp);
    }

    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external {
        Status storage status = _statuses[requestHash];
        require(status.validator == msg.sender, "not validator");
        require(response <= 100 && bytes(responseURI).length == 0, "response");
        (status.response, status.responseHash, status.tag) = (response, responseHash, tag);
        status.lastUpdate = block.timestamp;
        answers++;
    }

    function getValidationStatus(bytes32 requestHash)
        external
        view
        returns (address, uint256, uint8, bytes32, string memory, uint256)
    {
        Status storage s = _statuses[requestHash];
        require(s.validator != address(0), "unknown");
        return (s.validator, s.agentId, s.response, s.responseHash, s.tag, s.lastUpdate);
    }
}
