// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// A token that anybody may make.
contract TokenMock is ERC20("Token", "T") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// A token that burns a tenth of what is transferred.
contract TaxedMock is TokenMock {
    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && to != address(0)) super._update(to, address(0), amount / 10);
    }
}

/// A price that anybody may set.
contract PriceMock {
    uint256 public price = 1e18;

    function set(uint256 price_) external {
        price = price_;
    }
}

/// Observations that anybody may set.
contract ObservationsMock {
    mapping(uint80 round => bytes) public observation;

    function set(uint80 round, bytes calldata data) external {
        observation[round] = data;
    }
}
