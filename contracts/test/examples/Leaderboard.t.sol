// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Leaderboard} from "../../examples/leaderboard/Leaderboard.sol";
import {TinyPublic} from "../../fixtures/TinyPublic/TinyPublic.sol";
import {Claim, Shape} from "../../src/libraries/Inference.sol";
import {ModelTest} from "../base/ModelTest.sol";
import {WrapperMock, YesMock} from "../mocks/WrapperMock.sol";

/// The test set has four digits. One entry is the real model; the other one has a
/// hash for a model, and so is right one time in four.
contract LeaderboardTest is ModelTest {
    bytes32 internal constant SALT = "salt";

    Leaderboard internal board;
    WrapperMock internal guess = mock("guess");
    uint256 internal real;
    uint256 internal guessing;
    Proved[4] internal set;
    bytes32[4] internal leaves;

    function setUp() public {
        real = publish(address(new TinyPublic()), Shape.PublicInput);
        guessing = publish(address(guess), Shape.PublicInput);
        string[4] memory names = ["digit-0", "digit-1", "digit-2", "digit-3"];
        for (uint256 i = 0; i < 4; i++) {
            set[i] = proved(names[i]);
            leaves[i] =
                keccak256(bytes.concat(keccak256(abi.encode(i, keccak256(set[i].input), int256(i), SALT))));
        }
        bytes32 root = pair(pair(leaves[0], leaves[1]), pair(leaves[2], leaves[3]));
        board = make(root, 2);
        board.enter(guessing, 1);
        board.enter(real, 1);
        board.admit(0);
        board.admit(1);
    }

    function make(bytes32 root, uint256 rounds) internal returns (Leaderboard) {
        uint64 start = uint64(block.timestamp);
        return new Leaderboard(registry, root, 4, rounds, start + 1 days, start + 2 days);
    }

    function pair(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function path(uint256 i) internal view returns (bytes32[] memory list) {
        list = new bytes32[](2);
        list[0] = leaves[i ^ 1];
        list[1] = i < 2 ? pair(leaves[2], leaves[3]) : pair(leaves[0], leaves[1]);
    }

    function draw() internal {
        vm.warp(block.timestamp + 1 days);
        board.commitDraw();
        vm.roll(block.number + 2);
        board.draw();
    }

    function score(uint256 entry, uint256 i) internal {
        Proved memory p = set[i];
        if (entry == 0) {
            p.output = one(guess.classOf(p.input));
            p.proof = guess.prove(p.input, p.output[0], 0);
        }
        board.score(entry, i, SALT, int256(i), path(i), Claim(p.input, p.output, 0), p.proof);
    }

    function drawn(uint256 skip) internal view returns (uint256 i) {
        for (; !board.isDrawn(i) || skip > 0; i++) {
            if (board.isDrawn(i)) skip--;
        }
    }

    function points(uint256 entry) internal view returns (uint32 got) {
        (,,, got,) = board.entries(entry);
    }

    function test_TheModelThatIsRightWins() public {
        draw();
        for (uint256 k = 0; k < 2; k++) {
            score(0, drawn(k));
            score(1, drawn(k));
        }
        eq(points(1), 2);
        vm.expectRevert(Leaderboard.WrongTime.selector);
        board.best();
        vm.warp(block.timestamp + 1 days + 1);
        eq(board.best(), points(0) == 2 ? 0 : 1);
    }

    function test_AWrapperThatSaysYesToAllDoesNotScore() public {
        uint256 liar = board.enter(publish(address(new YesMock()), Shape.PublicInput), 1);
        draw();
        uint256 i = drawn(0);
        bytes32[] memory way = path(i);
        vm.expectRevert(abi.encodeWithSelector(Leaderboard.NotAdmitted.selector, liar));
        board.score(liar, i, SALT, int256(i), way, Claim(set[i].input, one(int256(i)), 0), "");
        // Who was not compared before the draw is not let in after it.
        vm.expectRevert(Leaderboard.WrongState.selector);
        board.admit(liar);
    }

    function test_TheOrganiserAdmits() public {
        uint256 entry = board.enter(real, 1);
        vm.prank(ALICE);
        vm.expectRevert(Leaderboard.NotTheOrganiser.selector);
        board.admit(entry);
        board.admit(entry);
        vm.warp(block.timestamp + 1 days);
        board.commitDraw();
        vm.expectRevert(Leaderboard.WrongState.selector);
        board.admit(entry);
    }

    function test_TheFirstOfEqualsLeadsWhoeverScoresFirst() public {
        uint256 twin = board.enter(real, 1);
        board.admit(twin);
        draw();
        score(twin, drawn(0));
        score(twin, drawn(1));
        score(1, drawn(1));
        score(1, drawn(0));
        vm.warp(block.timestamp + 1 days + 1);
        eq(board.best(), 1);
    }

    function test_WithoutAPointNobodyWins() public {
        draw();
        vm.warp(block.timestamp + 1 days + 1);
        vm.expectRevert(Leaderboard.NobodyScored.selector);
        board.best();
        board = make(0, 2);
        vm.warp(block.timestamp + 3 days);
        vm.expectRevert(Leaderboard.NobodyScored.selector);
        board.best();
    }

    function test_AsManySamplesAreDrawnAsSaid() public {
        no(board.isDrawn(0));
        draw();
        uint256 count;
        for (uint256 i = 0; i < 6; i++) {
            if (board.isDrawn(i)) count++;
        }
        eq(count, 2);
    }

    function test_ASampleScoresOnce() public {
        draw();
        uint256 i = drawn(0);
        score(1, i);
        vm.expectRevert(abi.encodeWithSelector(Leaderboard.AlreadyScored.selector, 1, i));
        this.scoreAgain(1, i);
    }

    function scoreAgain(uint256 entry, uint256 i) external {
        score(entry, i);
    }

    function test_OnlyDrawnSamplesOfTheSetCount() public {
        vm.expectRevert(Leaderboard.WrongState.selector);
        this.scoreAgain(1, 0);
        draw();
        uint256 out = drawn(1) + 1 == 4 ? 0 : drawn(1) + 1;
        if (board.isDrawn(out)) out = (out + 1) % 4;
        vm.expectRevert(abi.encodeWithSelector(Leaderboard.NotDrawn.selector, out));
        this.scoreAgain(1, out);
        uint256 i = drawn(0);
        Proved memory p = set[i];
        bytes32[] memory way = path(i);
        vm.expectRevert(abi.encodeWithSelector(Leaderboard.NotInTestSet.selector, i));
        board.score(1, i, SALT, int256(i) + 1, way, Claim(p.input, p.output, 0), p.proof);
        vm.expectRevert(Leaderboard.InvalidProof.selector);
        board.score(1, i, SALT, int256(i), way, Claim(p.input, one(int256(i) ^ 1), 0), p.proof);
        vm.expectRevert(Leaderboard.InvalidProof.selector);
        board.score(1, i, SALT, int256(i), way, Claim(p.input, p.output, 1), p.proof);
        vm.warp(block.timestamp + 1 days + 1);
        vm.expectRevert(Leaderboard.WrongTime.selector);
        this.scoreAgain(1, i);
    }

    function test_NobodyEntersAfterTheClose() public {
        vm.expectRevert(Leaderboard.WrongTime.selector);
        board.commitDraw();
        vm.expectRevert(Leaderboard.WrongState.selector);
        board.draw();
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(Leaderboard.WrongTime.selector);
        board.enter(real, 1);
    }

    function test_TheDrawIsMadeOnce() public {
        vm.warp(block.timestamp + 1 days);
        board.commitDraw();
        vm.expectRevert(Leaderboard.WrongState.selector);
        board.commitDraw();
        vm.expectRevert(Leaderboard.WrongState.selector);
        board.draw();
        vm.roll(block.number + 300);
        vm.expectRevert(Leaderboard.WrongTime.selector);
        board.draw();
        board.commitDraw();
        vm.roll(block.number + 2);
        board.draw();
        vm.expectRevert(Leaderboard.WrongState.selector);
        board.draw();
        vm.expectRevert(Leaderboard.WrongState.selector);
        board.commitDraw();
    }

    function test_RefusesABoardThatCannotEnd() public {
        vm.expectRevert(Leaderboard.TooFewSamples.selector);
        make(0, 5);
        vm.expectRevert(Leaderboard.WrongTime.selector);
        new Leaderboard(registry, 0, 4, 2, 5, 5);
    }
}
