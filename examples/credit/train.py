"""Trains the model of this example on real credit decisions (credit_data of R's modeldata:
4,454 rows, MIT licence), and makes applicants up.

    pip install -r ../../dev/classical/requirements.txt
    python train.py FOLDER

The folder holds modeldata_credit_data.csv. credit.onnx says whether an applicant paid back:
class 1, or did not: class 0. applicants.npy are 400 people that nobody is, and labels.npy is
what onnxruntime says of them. Takes seconds; the same data and versions give the same files.
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "dev" / "classical"))
from sources import CREDIT, boosted, credit, made_up, named  # noqa: E402


def main(folder):
    x, bad = credit(folder)
    train, test, y, truth = train_test_split(x, 1 - bad, test_size=1 / 3, random_state=1)
    weight = (y == 0).sum() / (y == 1).sum()  # so that both classes weigh alike
    model = XGBClassifier(n_estimators=20, max_depth=3, scale_pos_weight=weight, random_state=1).fit(train, y)
    file = named(boosted(model, train), CREDIT)
    (HERE / "credit.onnx").write_bytes(file.SerializeToString())
    session = onnxruntime.InferenceSession(HERE / "credit.onnx")

    def labels(rows):
        return session.run(["label"], {"input": rows})[0].reshape(-1)

    right = labels(test) == truth
    print(f"{right.mean():.1%} of {len(test)} held-out rows are right, {right[truth == 0].mean():.1%} of the bad, "
          f"{right[truth == 1].mean():.1%} of the good; {truth.mean():.1%} are good")
    people = made_up(train, y, 400, np.random.default_rng(1))
    np.save(HERE / "applicants.npy", people)
    np.save(HERE / "labels.npy", labels(people).astype(np.int64))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
