#!/bin/sh
# Gets the ceremony's points from a Go module, with the go command alone.
#
#   scripts/fetch-srs.sh            import them into the user's SRS cache, for
#                                   circuits of up to 2^19 rows (about 35 MB)
#   scripts/fetch-srs.sh --embed    make srs/ppot_0085_16.bin anew; the
#                                   bytes are the same every time
set -eu
cd "$(dirname "$0")/.."
case "${1-}" in
"") exec go run ./srs/fetch ;;
--embed)
	# The program embeds the file that it makes, so there has to be one.
	[ -e srs/ppot_0085_16.bin ] || : >srs/ppot_0085_16.bin
	exec go run ./srs/fetch -embed srs/ppot_0085_16.bin
	;;
*)
	echo "usage: scripts/fetch-srs.sh [--embed]" >&2
	exit 2
	;;
esac
