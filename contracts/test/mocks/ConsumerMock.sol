// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {InferenceHub} from "../../src/hubs/InferenceHub.sol";
import {OptimisticHub} from "../../src/hubs/OptimisticHub.sol";
import {IHub} from "../../src/interfaces/IHub.sol";
import {IInferenceConsumer} from "../../src/interfaces/IInferenceConsumer.sol";

/// Asks hubs, keeps answers, and misbehaves when told to.
contract ConsumerMock is IInferenceConsumer {
    enum Manner {
        Good,
        Reverts,
        BurnsGas,
        ReturnsMuch,
        Reenters
    }

    Manner public manner;
    uint256 public answers;
    int256 public last;
    bool public refusesMoney;
    bytes public attack;

    receive() external payable {
        require(!refusesMoney);
    }

    function behave(Manner manner_) external {
        manner = manner_;
    }

    function refuseMoney() external {
        refusesMoney = true;
    }

    function attackWith(bytes calldata call) external {
        attack = call;
        manner = Manner.Reenters;
    }

    function ask(InferenceHub hub, IHub.Question calldata q) external payable returns (uint256) {
        return hub.requestInference{value: msg.value}(q);
    }

    function ask(OptimisticHub hub, IHub.Question calldata q, uint256 bond)
        external
        payable
        returns (uint256)
    {
        return hub.requestInference{value: msg.value}(q, bond);
    }

    function withdraw(IHub hub, address to) external returns (uint256) {
        return hub.withdraw(to);
    }

    function onInference(uint256, int256[] calldata output) external {
        if (manner == Manner.Reverts) revert("no");
        if (manner == Manner.BurnsGas) while (true) {}
        if (manner == Manner.ReturnsMuch) {
            assembly {
                return(0, 30000)
            }
        }
        if (manner == Manner.Reenters) {
            (bool done,) = msg.sender.call(attack);
            require(!done, "reentered");
        }
        answers++;
        last = output[0];
    }
}
