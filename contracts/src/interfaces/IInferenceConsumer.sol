// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title A contract that asks a hub and is called back.
interface IInferenceConsumer {
    /// @notice The answer to a request of this contract. It must refuse every caller but
    /// the hub. A revert does not undo the settlement: the answer can be delivered again.
    /// It may ask a hub again; every other change of a hub's state is refused meanwhile.
    /// @param output What the model gives, if it was proved. An answer of OptimisticHub
    /// that nobody challenged may be of any length, also none: check it before reading.
    function onInference(uint256 requestId, int256[] calldata output) external;
}
