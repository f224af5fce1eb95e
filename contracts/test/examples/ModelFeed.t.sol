// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IObservations, ModelFeed} from "../../examples/oracle/ModelFeed.sol";
import {TinyPublic} from "../../fixtures/TinyPublic/TinyPublic.sol";
import {ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";
import {ObservationsMock} from "../mocks/Tokens.sol";

contract ModelFeedTest is ModelTest {
    ModelFeed internal feed;
    ObservationsMock internal source = new ObservationsMock();
    Proved internal p;

    function setUp() public {
        uint256 id = publish(address(new TinyPublic()), Shape.PublicInput);
        registry.raiseNotice(id, 7 days);
        feed = new ModelFeed(registry, id, 0, IObservations(address(source)), "digits seen", 0);
        p = proved("digit-3");
        source.set(1, p.input);
    }

    function test_AnybodyAdvancesTheFeedByAProof() public {
        vm.warp(1000);
        vm.prank(BOB);
        feed.update(1, p.output, p.proof);
        (uint80 round, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn) =
            feed.latestRoundData();
        eq(round, 1);
        eq(answer, 3);
        eq(startedAt, 1000);
        eq(updatedAt, 1000);
        eq(answeredIn, 1);
        eq(feed.version(1), 1);
    }

    function test_TheInputIsTheSources() public {
        source.set(1, proved("digit-2").input);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        feed.update(1, p.output, p.proof);
    }

    function test_RoundsGoForward() public {
        vm.expectRevert(abi.encodeWithSelector(ModelFeed.NoAnswer.selector, 0));
        feed.latestRoundData();
        vm.expectRevert(abi.encodeWithSelector(ModelFeed.NoData.selector, 2));
        feed.update(2, p.output, p.proof);
        feed.update(1, p.output, p.proof);
        vm.expectRevert(abi.encodeWithSelector(ModelFeed.OldRound.selector, 1));
        feed.update(1, p.output, p.proof);
    }
}
