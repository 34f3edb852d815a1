"""The directions of a bowl, each with a curvature of its own."""

import numpy as np

from lrcourse.plotting.style import new_axes
from lrcourse.problems import GeneralQuadratic

LEVELS = (0.1, 0.4, 0.9, 1.6, 2.5)  # of the loss: contours at even distances


def plot_directions(bowl: GeneralQuadratic) -> None:
    """Draw the contours of a bowl of two weights, and its two axes by name.

    The axes are the eigenvectors of its Hessian, drawn as far as the outermost contour.

    Raises:
        ValueError: it has not two weights.
    """
    curvatures, axes = np.linalg.eigh(bowl.hessian)
    if len(curvatures) != 2:
        raise ValueError(f"bowl must have two weights, got {len(curvatures)}")
    reach = 1.05 * np.sqrt(2 * LEVELS[-1] / curvatures[0])
    span = np.linspace(-reach, reach, 121)
    points = np.stack(np.meshgrid(span, 0.75 * span), axis=-1)
    ax = new_axes()
    ax.contour(*np.moveaxis(points, -1, 0), bowl.loss(points), LEVELS, colors="0.7")
    names = ("flat", "steep")
    for i, (name, curvature) in enumerate(zip(names, curvatures, strict=True)):
        end = np.sqrt(2 * LEVELS[-1] / curvature) * axes[:, i]
        label = f"{name}: curvature {curvature:.3g}"
        ax.plot(*np.array([-end, end]).T, color=f"C{i}", linewidth=2.5, label=label)
    ax.plot(0, 0, "o", color="0.2", markersize=5, zorder=3)
    ax.grid(visible=False)
    ax.set_aspect("equal")
    ax.set(xlabel="first weight", ylabel="second weight")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
