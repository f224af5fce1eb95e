// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {TinyContext} from "../../fixtures/TinyContext/TinyContext.sol";
import {ClassGate} from "../../src/consumers/ClassGate.sol";
import {Gate} from "../../src/consumers/Gate.sol";
import {ModelConsumer} from "../../src/consumers/ModelConsumer.sol";
import {RateLimiter} from "../../src/consumers/RateLimiter.sol";
import {ScoreGate} from "../../src/consumers/ScoreGate.sol";
import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";
import {Inference, Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";
import {WrapperMock} from "../mocks/WrapperMock.sol";

/// Lets classes 1 and 3 in, with three tries a day, whose commitment was noted before.
contract Club is ClassGate, RateLimiter {
    mapping(address account => bytes32) public noted;

    constructor(IModelRegistry registry_, uint256 id, uint64 version, uint64 leastNotice)
        ModelConsumer(registry_, id, version, leastNotice)
        Gate(7 days)
        ClassGate(1 << 1 | 1 << 3)
        RateLimiter(3, 1 days)
    {}

    function note(address account, bytes32 commitment) external {
        noted[account] = commitment;
    }

    function enter(bytes calldata input, int256[] calldata output, bytes calldata proof) public override {
        _countUse(msg.sender);
        super.enter(input, output, proof);
    }

    function dance() external view onlyAdmitted returns (bool) {
        return true;
    }

    function admits(int256[] calldata output) external view returns (bool) {
        return _admits(output);
    }

    function _requireGenuine(address account, bytes calldata input) internal view override {
        require(bytes32(input) == noted[account], "another input");
    }
}

/// Lets a second score of at least 2.5 in.
contract Contest is ScoreGate {
    constructor(IModelRegistry registry_, uint256 id)
        ModelConsumer(registry_, id, 0, 0)
        Gate(1 days)
        ScoreGate(1, 2.5e18)
    {}

    function admits(int256[] calldata output) external view returns (bool) {
        return _admits(output);
    }

    function _requireGenuine(address, bytes calldata) internal pure override {}
}

contract GatesTest is ModelTest {
    Club internal club;
    uint256 internal id;
    Proved internal p;

    function setUp() public {
        vm.warp(1_000_000);
        id = publish(address(new TinyContext()), Shape.PrivateInputContext);
        deployNext(3);
        club = new Club(registry, id, 0, 0);
        p = proved("gate");
        club.note(ALICE, bytes32(p.input));
    }

    function enter() internal {
        vm.prank(ALICE);
        club.enter(p.input, p.output, p.proof);
    }

    function test_ARealProofOpensTheGate() public {
        bytes memory refusal = abi.encodeWithSelector(Gate.NoPass.selector, ALICE);
        vm.prank(ALICE);
        vm.expectRevert(refusal);
        club.dance();
        eq(club.contextOf(ALICE), p.context);
        enter();
        vm.prank(ALICE);
        yes(club.dance());
        no(club.isAdmitted(BOB));
        vm.warp(block.timestamp + 7 days);
        yes(club.isAdmitted(ALICE));
        vm.warp(block.timestamp + 1);
        no(club.isAdmitted(ALICE));
    }

    function test_AProofOpensItOnceAndForItsSender() public {
        enter();
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        enter();
        club.note(BOB, bytes32(p.input));
        vm.prank(BOB);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        club.enter(p.input, p.output, p.proof);
    }

    function test_AProofIsForOneChain() public {
        vm.chainId(1);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        enter();
    }

    function test_TheInputIsTheAccountsOwn() public {
        club.note(ALICE, "another");
        vm.expectRevert("another input");
        enter();
    }

    function test_TheWrongClassStaysOut() public {
        p.output = one(2);
        vm.expectRevert(Gate.NotAdmitted.selector);
        enter();
        p.output = one(3);
        vm.expectRevert(ModelConsumer.InvalidProof.selector);
        enter();
    }

    function test_APassEndsWithItsVersion() public {
        enter();
        supersede(id, address(mock("newer")), Shape.PrivateInputContext);
        no(club.isAdmitted(ALICE));
    }

    function test_APassEndsWithTheModel() public {
        enter();
        registry.deprecateModel(id);
        no(club.isAdmitted(ALICE));
        vm.expectRevert(ModelConsumer.ModelIsDeprecated.selector);
        enter();
    }

    function test_AModelWithoutContextOpensNothing() public {
        WrapperMock model = mock("no context");
        club = new Club(registry, publish(address(model), Shape.PrivateInput), 1, 0);
        p.input = abi.encode(bytes32("a commitment"));
        for (uint256 i = 0; model.classOf(p.input) % 2 == 0; i++) {
            p.input = abi.encode(i);
        }
        club.note(ALICE, bytes32(p.input));
        p.output = one(model.classOf(p.input));
        p.proof = model.prove(p.input, p.output[0], 0);
        vm.expectRevert(abi.encodeWithSelector(Inference.UnexpectedContext.selector, club.contextOf(ALICE)));
        enter();
    }

    function test_ModelsAndVersionsMustExist() public {
        vm.expectRevert();
        new Club(registry, id + 1, 0, 0);
        vm.expectRevert();
        new Club(registry, id, 2, 0);
    }

    function test_WhoFollowsWantsANotice() public {
        bytes memory refusal = abi.encodeWithSelector(ModelConsumer.NoticeTooShort.selector, 0);
        vm.expectRevert(refusal);
        new Club(registry, id, 0, 1 days);
        // A version that is pinned does not change.
        new Club(registry, id, 1, 1 days);
        registry.raiseNotice(id, 1 days);
        new Club(registry, id, 0, 1 days);
    }

    /// A version that is on its way comes by the notice it was announced with.
    function test_WhoFollowsWantsItOfAPendingVersionToo() public {
        registry.raiseNotice(id, 1 days);
        supersede(id, address(mock("newer")), Shape.PrivateInputContext);
        registry.raiseNotice(id, 2 days);
        new Club(registry, id, 0, 1 days);
        bytes memory refusal = abi.encodeWithSelector(ModelConsumer.NoticeTooShort.selector, 1 days);
        vm.expectRevert(refusal);
        new Club(registry, id, 0, 2 days);
        vm.warp(block.timestamp + 1 days);
        new Club(registry, id, 0, 2 days);
    }

    function test_ClassesOutsideTheSetStayOut() public view {
        int256[5] memory classes = [int256(0), -1, 256, 1, 3];
        for (uint256 i = 0; i < classes.length; i++) {
            vm.assertTrue(club.admits(one(classes[i])) == (i > 2));
        }
        no(club.admits(new int256[](2)));
    }

    function test_ScoresBelowTheThresholdStayOut() public {
        WrapperMock model = mock("quarters");
        model.scale(1, -2);
        Contest contest = new Contest(registry, publish(address(model), Shape.PublicInputContext));
        int256[] memory scores = new int256[](2);
        (scores[0], scores[1]) = (99, 9);
        no(contest.admits(scores));
        scores[1] = 10;
        yes(contest.admits(scores));
        no(contest.admits(one(99)));
    }

    /// A new version may count in other units; the real threshold stays.
    function test_TheThresholdFollowsTheModelsScale() public {
        uint256 followed = publish(address(mock("wholes")), Shape.PublicInputContext);
        Contest contest = new Contest(registry, followed);
        int256[] memory scores = new int256[](2);
        scores[1] = 3;
        yes(contest.admits(scores));
        WrapperMock newer = mock("quarters");
        newer.scale(1, -2);
        supersede(followed, address(newer), Shape.PublicInputContext);
        no(contest.admits(scores));
        registry.deprecateModel(followed);
        vm.expectRevert(ModelConsumer.ModelIsDeprecated.selector);
        contest.admits(scores);
    }
}

contract Limited is RateLimiter {
    constructor(uint64 uses, uint64 period) RateLimiter(uses, period) {}

    function use() external {
        _countUse(msg.sender);
    }
}

contract RateLimiterTest is ModelTest {
    Limited internal limited = new Limited(3, 30 hours);

    function setUp() public {
        vm.warp(1_000_000);
    }

    function test_UsesComeBackOneByOne() public {
        uint256 next = block.timestamp + 30 hours;
        for (uint256 i = 0; i < 3; i++) {
            limited.use();
            vm.warp(block.timestamp + 1 hours);
        }
        eq(limited.nextUse(address(this)), next);
        bytes memory refusal = abi.encodeWithSelector(RateLimiter.TooSoon.selector, address(this), next);
        vm.expectRevert(refusal);
        limited.use();
        vm.prank(BOB);
        limited.use();
        vm.warp(next);
        limited.use();
        vm.expectRevert();
        limited.use();
    }

    function test_RefusesLimitsThatMeanNothing() public {
        vm.expectRevert(RateLimiter.LimitOutOfRange.selector);
        new Limited(0, 1 days);
        vm.expectRevert(RateLimiter.LimitOutOfRange.selector);
        new Limited(2, 0);
    }

    /// All uses at once, then as many tries as a period has seconds.
    function test_ABurstCountsForThePeriodAfterIt() public {
        limited = new Limited(6, 10);
        for (uint256 i = 0; i < 6; i++) {
            limited.use();
        }
        for (uint256 i = 1; i < 10; i++) {
            vm.warp(block.timestamp + 1);
            vm.expectRevert();
            limited.use();
        }
        vm.warp(block.timestamp + 1);
        for (uint256 i = 0; i < 6; i++) {
            limited.use();
        }
    }

    /// Periods that begin with a use are enough: any other has no more uses than one of these.
    function testFuzz_NoPeriodHasMoreUsesThanTheLimit(uint32[40] calldata waits, uint8 uses, uint8 period)
        public
    {
        limited = new Limited(uint64(uses) % 6 + 1, uint64(period) + 1);
        uint256[] memory times = new uint256[](waits.length);
        uint256 used;
        for (uint256 i = 0; i < waits.length; i++) {
            vm.warp(block.timestamp + waits[i] % (uint256(period) / 2 + 2));
            try limited.use() {
                times[used++] = block.timestamp;
            } catch {}
        }
        for (uint256 i = 0; i < used; i++) {
            uint256 n;
            for (uint256 k = i; k < used && times[k] < times[i] + uint256(period) + 1; k++) {
                n++;
            }
            yes(n <= uint256(uses) % 6 + 1);
        }
    }
}
