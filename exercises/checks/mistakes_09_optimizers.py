"""Known mistakes of chapter 9. The checks must catch every one and call it by name."""

import numpy as np


def momentum_step__averages_the_gradients(w, grad, velocity, lr, momentum):
    """You average: the new gradient comes in with the share 1 - momentum, so your run
    is ten times slower at 0.9. PyTorch's velocity is a sum.

    See 09_optimizers: Momentum sums gradients
    """
    velocity = momentum * velocity + (1 - momentum) * grad
    return w - lr * velocity, velocity


def momentum_step__has_the_rate_inside(w, grad, velocity, lr, momentum):
    """You have the rate inside the velocity, as Keras does: after a cut the old rate
    coasts on.

    See 09_optimizers: The first step after a cut
    """
    velocity = momentum * velocity - lr * grad
    return w + velocity, velocity


def momentum_step__keeps_the_rate_in_the_sum(w, grad, velocity, lr, momentum):
    """You sum up gradients times their rate: the velocity should hold gradients only,
    and the rate stand outside.

    See 09_optimizers: The first step after a cut
    """
    velocity = momentum * velocity + lr * grad
    return w - velocity, velocity


def momentum_step__moves_by_the_old_velocity(w, grad, velocity, lr, momentum):
    """You move by the velocity from before: the newest gradient is part of the move.

    See 09_optimizers: Momentum sums gradients
    """
    new = momentum * velocity + grad
    return w - lr * velocity, new


def momentum_step__looks_ahead(w, grad, velocity, lr, momentum):
    """That is Nesterov's step: it adds the gradient once more to what the velocity
    will be. Here the weights move by the velocity itself.

    See 09_optimizers: Where momentum breaks
    """
    velocity = momentum * velocity + grad
    return w - lr * (grad + momentum * velocity), velocity


def momentum_step__climbs(w, grad, velocity, lr, momentum):
    """You walk uphill: the velocity points to where the loss grows.

    See 09_optimizers: Momentum sums gradients
    """
    velocity = momentum * velocity + grad
    return w + lr * velocity, velocity


def momentum_step__damps_the_new_gradient_too(w, grad, velocity, lr, momentum):
    """You multiply the new gradient by the momentum too: only the old velocity fades.

    See 09_optimizers: Momentum sums gradients
    """
    velocity = momentum * (velocity + grad)
    return w - lr * velocity, velocity


def momentum_step__changes_what_it_was_given(w, grad, velocity, lr, momentum):
    """You write into the arrays you were given: *=, += and -= change the array itself,
    for everybody who holds it.

    See 09_optimizers: Pitfalls
    """
    velocity *= momentum
    velocity += grad
    w -= lr * velocity
    return w, velocity


def momentum_step__returns_them_in_the_other_order(w, grad, velocity, lr, momentum):
    """You return the velocity first: the weights come first, then what the rule
    remembers.

    See 09_optimizers: Momentum sums gradients
    """
    velocity = momentum * velocity + grad
    return velocity, w - lr * velocity


def max_stable_lr_momentum__forgets_the_momentum(hessian, momentum):
    """That is the limit without momentum: momentum raises it.

    See 09_optimizers: Where momentum breaks
    """
    return 2 / np.linalg.eigvalsh(hessian).max()


def max_stable_lr_momentum__lowers_the_limit(hessian, momentum):
    """Your limit falls with momentum: on a bowl momentum takes the edge off the
    jumping, so more is allowed, not less.

    See 09_optimizers: Where momentum breaks
    """
    return 2 * (1 - momentum) / np.linalg.eigvalsh(hessian).max()


def max_stable_lr_momentum__takes_the_effective_rate_for_the_limit(hessian, momentum):
    """You divide by 1 - momentum: that is what a rate is worth in the long run, not
    where it breaks.

    See 09_optimizers: Momentum sums gradients
    """
    return 2 / ((1 - momentum) * np.linalg.eigvalsh(hessian).max())


def max_stable_lr_momentum__stops_half_way(hessian, momentum):
    """You are at half the limit: the bouncing root is at -1, not at 0.

    See 09_optimizers: Where momentum breaks
    """
    return (1 + momentum) / np.linalg.eigvalsh(hessian).max()


def max_stable_lr_momentum__asks_the_flattest_direction(hessian, momentum):
    """You ask the flattest direction: the sharpest one breaks long before.

    See 09_optimizers: Where momentum breaks
    """
    return 2 * (1 + momentum) / np.linalg.eigvalsh(hessian).min()


def max_stable_lr_momentum__reads_the_diagonal(hessian, momentum):
    """You read the diagonal: it holds the curvature along the weights, and a bowl may
    lie across them.

    See 09_optimizers: Where momentum breaks
    """
    return 2 * (1 + momentum) / np.diag(hessian).max()


def effective_lr__divides_where_it_should_multiply(lr, momentum):
    """You shrink the rate: a sum of many gradients moves the weights further, not less
    far.

    See 09_optimizers: Momentum sums gradients
    """
    return lr * (1 - momentum)


def effective_lr__divides_by_the_momentum(lr, momentum):
    """You divide by the momentum: the series 1 + momentum + momentum ** 2 + ... sums
    to 1 / (1 - momentum).

    See 09_optimizers: Momentum sums gradients
    """
    return lr / momentum if momentum else lr


def effective_lr__counts_two_gradients(lr, momentum):
    """You count the last two gradients: the sum goes on, each worth momentum times the
    one after it.

    See 09_optimizers: Momentum sums gradients
    """
    return lr * (1 + momentum)


def effective_lr__leaves_out_the_newest_gradient(lr, momentum):
    """You leave out the newest gradient, whose share is 1: the series begins with
    momentum ** 0.

    See 09_optimizers: Momentum sums gradients
    """
    return lr * momentum / (1 - momentum)


def effective_lr__takes_a_root(lr, momentum):
    """You take a root of 1 - momentum: that is how long RMSprop's first step is.

    See 09_optimizers: A rate for every weight
    """
    return lr / (1 - momentum) ** 0.5


def adagrad_step__puts_eps_in_the_root(w, grad, total, lr, eps=1e-10):
    """You add eps to the total, inside the root: there it counts as its own root,
    1e-5, and damps small gradients.

    See 09_optimizers: Where small gradients end
    """
    total = total + grad**2
    return w - lr * grad / (total + eps) ** 0.5, total


def adagrad_step__forgets_eps(w, grad, total, lr, eps=1e-10):
    """You leave out eps: a gradient of zero is then divided by zero, and tiny ones
    take full steps.

    See 09_optimizers: Where small gradients end
    """
    total = total + grad**2
    root = np.where(total > 0, total, 1.0) ** 0.5
    return w - lr * grad / root, total


def adagrad_step__forgets_the_root(w, grad, total, lr, eps=1e-10):
    """You divide by the squares themselves: their root has the size of a gradient, so
    that the size cancels.

    See 09_optimizers: A rate for every weight
    """
    total = total + grad**2
    return w - lr * grad / (total + eps), total


def adagrad_step__divides_by_the_old_total(w, grad, total, lr, eps=1e-10):
    """You divide by the total from before: the newest gradient counts already, and the
    first step needs it.

    See 09_optimizers: A rate for every weight
    """
    new = total + grad**2
    return w - lr * grad / (total**0.5 + eps), new


def adagrad_step__adds_the_gradient_itself(w, grad, total, lr, eps=1e-10):
    """You add up sizes: it is squares that are summed, and the root taken of their
    sum.

    See 09_optimizers: A rate for every weight
    """
    total = total + np.abs(grad)
    return w - lr * grad / (total**0.5 + eps), total


def adagrad_step__takes_one_total_for_all(w, grad, total, lr, eps=1e-10):
    """You take one total for all weights: each has its own, that is the point.

    See 09_optimizers: A rate for every weight
    """
    total = total + np.sum(grad**2)
    return w - lr * grad / (total**0.5 + eps), total


def adagrad_step__keeps_the_last_square_only(w, grad, total, lr, eps=1e-10):
    """You keep the last square only: the total is a sum over all updates so far.

    See 09_optimizers: A rate for every weight
    """
    total = 0 * total + grad**2
    return w - lr * grad / (total**0.5 + eps), total


def adagrad_step__changes_what_it_was_given(w, grad, total, lr, eps=1e-10):
    """You write into the arrays you were given: += and -= change the array itself, for
    everybody who holds it.

    See 09_optimizers: Pitfalls
    """
    total += grad**2
    w -= lr * grad / (total**0.5 + eps)
    return w, total


def rmsprop_step__puts_eps_in_the_root(w, grad, v, lr, rho=0.99, eps=1e-8):
    """You add eps inside the root, as Keras and Optax do: there it counts as its own
    root, 1e-4.

    See 09_optimizers: Where small gradients end
    """
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / (v + eps) ** 0.5, v


def rmsprop_step__forgets_eps(w, grad, v, lr, rho=0.99, eps=1e-8):
    """You leave out eps: a gradient of zero is then divided by zero, and tiny ones
    take full steps.

    See 09_optimizers: Where small gradients end
    """
    v = rho * v + (1 - rho) * grad**2
    root = np.where(v > 0, v, 1.0) ** 0.5
    return w - lr * grad / root, v


def rmsprop_step__forgets_the_root(w, grad, v, lr, rho=0.99, eps=1e-8):
    """You divide by the mean of the squares: its root has the size of a gradient, so
    that the size cancels.

    See 09_optimizers: A rate for every weight
    """
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / (v + eps), v


def rmsprop_step__swaps_old_and_new(w, grad, v, lr, rho=0.99, eps=1e-8):
    """You give rho to the new square: the old mean keeps the share rho, so that it
    changes slowly.

    See 09_optimizers: A rate for every weight
    """
    v = (1 - rho) * v + rho * grad**2
    return w - lr * grad / (v**0.5 + eps), v


def rmsprop_step__sums_instead_of_averaging(w, grad, v, lr, rho=0.99, eps=1e-8):
    """You add the whole square: in a mean the new one has the share 1 - rho.

    See 09_optimizers: A rate for every weight
    """
    v = rho * v + grad**2
    return w - lr * grad / (v**0.5 + eps), v


def rmsprop_step__divides_by_the_old_mean(w, grad, v, lr, rho=0.99, eps=1e-8):
    """You divide by the mean from before: the newest square is part of it.

    See 09_optimizers: A rate for every weight
    """
    new = rho * v + (1 - rho) * grad**2
    return w - lr * grad / (v**0.5 + eps), new


def rmsprop_step__takes_one_mean_for_all(w, grad, v, lr, rho=0.99, eps=1e-8):
    """You take one mean for all weights: each has its own, that is the point.

    See 09_optimizers: A rate for every weight
    """
    v = rho * v + (1 - rho) * np.mean(grad**2)
    return w - lr * grad / (v**0.5 + eps), v


def rmsprop_step__corrects_the_first_step(w, grad, v, lr, rho=0.99, eps=1e-8):
    """You correct for the start, as Adam does: RMSprop's first step is 1 / sqrt(1 -
    rho) times the rate.

    See 09_optimizers: A rate for every weight
    """
    v = np.where(v == 0, grad**2, rho * v + (1 - rho) * grad**2)
    return w - lr * grad / (v**0.5 + eps), v


def rmsprop_step__changes_what_it_was_given(w, grad, v, lr, rho=0.99, eps=1e-8):
    """You write into the arrays you were given: *=, += and -= change the array itself,
    for everybody who holds it.

    See 09_optimizers: Pitfalls
    """
    v *= rho
    v += (1 - rho) * grad**2
    w -= lr * grad / (v**0.5 + eps)
    return w, v


def adam_step__forgets_the_correction(
    w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You use the means as they are: both are too small at first, and the first step
    is 3.16 times the rate with the usual betas.

    See 09_optimizers: A rate for every weight
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return w - lr * m / (v**0.5 + eps), (t, m, v)


def adam_step__puts_eps_in_the_root(
    w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You add eps inside the root: there it counts as its own root, 1e-4, and damps
    small gradients.

    See 09_optimizers: Where small gradients end
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat + eps) ** 0.5, (t, m, v)


def adam_step__adds_eps_before_the_correction(
    w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You add eps to the root before its correction, as Keras does: at the first
    update it then weighs 32 times as much.

    See 09_optimizers: Where small gradients end
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    root = (v**0.5 + eps) / (1 - beta2**t) ** 0.5
    return w - lr * m_hat / root, (t, m, v)


def adam_step__forgets_the_root(w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You divide by the mean of the squares: its root has the size of a gradient, so
    that the size cancels.

    See 09_optimizers: A rate for every weight
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat + eps), (t, m, v)


def adam_step__does_not_count_on(w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You return the old count: every update then corrects like the first.

    See 09_optimizers: A rate for every weight
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat**0.5 + eps), (updates, m, v)


def adam_step__corrects_with_the_old_count(
    w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You correct with the number of updates before this one: this one counts, the
    first is number 1.

    See 09_optimizers: A rate for every weight
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**updates) if updates else m
    v_hat = v / (1 - beta2**updates) if updates else v
    return w - lr * m_hat / (v_hat**0.5 + eps), (t, m, v)


def adam_step__remembers_the_corrected_means(
    w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You hand on the corrected means: the next update would correct them again.

    See 09_optimizers: A rate for every weight
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m = m / (1 - beta1**t)
    v = v / (1 - beta2**t)
    return w - lr * m / (v**0.5 + eps), (t, m, v)


def adam_step__swaps_the_betas(w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You swap the betas: beta1 belongs to the gradient, beta2 to its square.

    See 09_optimizers: A rate for every weight
    """
    updates, m, v = state
    t = updates + 1
    m = beta2 * m + (1 - beta2) * grad
    v = beta1 * v + (1 - beta1) * grad**2
    m_hat = m / (1 - beta2**t)
    v_hat = v / (1 - beta1**t)
    return w - lr * m_hat / (v_hat**0.5 + eps), (t, m, v)


def adam_step__corrects_without_a_power(
    w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You divide by 1 - beta at every update: that is right for the first one only,
    then the means fill up.

    See 09_optimizers: A rate for every weight
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1)
    v_hat = v / (1 - beta2)
    return w - lr * m_hat / (v_hat**0.5 + eps), (t, m, v)


def adam_step__moves_by_the_gradient(
    w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You move by the gradient itself: its running mean is what Adam adds to RMSprop.

    See 09_optimizers: A rate for every weight
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    v_hat = v / (1 - beta2**t)
    return w - lr * grad / (v_hat**0.5 + eps), (t, m, v)


def adam_step__squares_the_mean(w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You average the square of the mean: it is the square of each gradient.

    See 09_optimizers: A rate for every weight
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * m**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat**0.5 + eps), (t, m, v)


def adam_step__changes_what_it_was_given(
    w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You write into the arrays you were given: *=, += and -= change the array itself,
    for everybody who holds it.

    See 09_optimizers: Pitfalls
    """
    updates, m, v = state
    t = updates + 1
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w -= lr * m_hat / (v_hat**0.5 + eps)
    return w, (t, m, v)


def adamw_step__sends_the_decay_through_the_gradient(
    w, grad, state, lr, weight_decay=0.01, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You add the decay to the gradient: that is L2, and Adam divides it away where
    gradients are large.

    See 09_optimizers: Decay through the gradient, or beside it
    """
    updates, m, v = state
    t = updates + 1
    grad = grad + weight_decay * w
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat**0.5 + eps), (t, m, v)


def adamw_step__decays_without_the_rate(
    w, grad, state, lr, weight_decay=0.01, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You shrink by weight_decay alone: the rate multiplies it, so that a schedule
    rules the decay too.

    See 09_optimizers: Decay through the gradient, or beside it
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return (1 - weight_decay) * w - lr * m_hat / (v_hat**0.5 + eps), (t, m, v)


def adamw_step__decays_after_the_step(
    w, grad, state, lr, weight_decay=0.01, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You decay after the step, and so the step itself: the old weights shrink first.

    See 09_optimizers: Decay through the gradient, or beside it
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w = w - lr * m_hat / (v_hat**0.5 + eps)
    return (1 - lr * weight_decay) * w, (t, m, v)


def adamw_step__forgets_the_decay(
    w, grad, state, lr, weight_decay=0.01, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You take Adam's step only: the weights do not shrink at all.

    See 09_optimizers: Decay through the gradient, or beside it
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat**0.5 + eps), (t, m, v)


def adamw_step__grows_the_weights(
    w, grad, state, lr, weight_decay=0.01, beta1=0.9, beta2=0.999, eps=1e-8
):
    """Your weights grow: the decay is subtracted.

    See 09_optimizers: Decay through the gradient, or beside it
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return (1 + lr * weight_decay) * w - lr * m_hat / (v_hat**0.5 + eps), (t, m, v)


def adamw_step__decays_by_the_sign(
    w, grad, state, lr, weight_decay=0.01, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You take the same amount off every weight: each shrinks by the same share.

    See 09_optimizers: Decay through the gradient, or beside it
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * weight_decay * np.sign(w) - lr * m_hat / (v_hat**0.5 + eps), (
        t,
        m,
        v,
    )


def adamw_step__forgets_the_correction(
    w, grad, state, lr, weight_decay=0.01, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You use the means as they are: both are too small at first, as in Adam.

    See 09_optimizers: A rate for every weight
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    w = (1 - lr * weight_decay) * w
    return w - lr * m / (v**0.5 + eps), (t, m, v)


def adamw_step__changes_what_it_was_given(
    w, grad, state, lr, weight_decay=0.01, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You write into the weights you were given: *= and -= change the array itself,
    for everybody who holds it.

    See 09_optimizers: Pitfalls
    """
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w *= 1 - lr * weight_decay
    w -= lr * m_hat / (v_hat**0.5 + eps)
    return w, (t, m, v)
