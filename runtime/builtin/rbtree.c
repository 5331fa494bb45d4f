// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Red-black trees (Cormen et al., chapter 13). The lowest bit of the parent
 * pointer is the colour: 0 red, 1 black.
 */
#include <linux/export.h>
#include <linux/rbtree.h>

#define BLACK 1UL

static bool is_black(const struct rb_node *node)
{
	return !node || (node->__rb_parent_color & BLACK);
}

static bool is_red(const struct rb_node *node)
{
	return !is_black(node);
}

static void set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->__rb_parent_color = (node->__rb_parent_color & BLACK) | (unsigned long)parent;
}

static void set_black(struct rb_node *node)
{
	node->__rb_parent_color |= BLACK;
}

static void set_red(struct rb_node *node)
{
	node->__rb_parent_color &= ~BLACK;
}

/* Put new where old is below parent; NULL: at the root. */
static void replace_child(struct rb_root *root, struct rb_node *parent, struct rb_node *old,
			  struct rb_node *new)
{
	if (!parent)
		WRITE_ONCE(root->rb_node, new);
	else if (parent->rb_left == old)
		WRITE_ONCE(parent->rb_left, new);
	else
		WRITE_ONCE(parent->rb_right, new);
}

static void rotate_left(struct rb_root *root, struct rb_node *node)
{
	struct rb_node *right = node->rb_right, *parent = rb_parent(node);

	node->rb_right = right->rb_left;
	if (node->rb_right)
		set_parent(node->rb_right, node);
	right->rb_left = node;
	set_parent(right, parent);
	replace_child(root, parent, node, right);
	set_parent(node, right);
}

static void rotate_right(struct rb_root *root, struct rb_node *node)
{
	struct rb_node *left = node->rb_left, *parent = rb_parent(node);

	node->rb_left = left->rb_right;
	if (node->rb_left)
		set_parent(node->rb_left, node);
	left->rb_right = node;
	set_parent(left, parent);
	replace_child(root, parent, node, left);
	set_parent(node, left);
}

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent, *grandparent, *uncle;

	while ((parent = rb_parent(node)) && is_red(parent)) {
		bool left;

		grandparent = rb_parent(parent);
		left = parent == grandparent->rb_left;
		uncle = left ? grandparent->rb_right : grandparent->rb_left;
		if (is_red(uncle)) {
			set_black(uncle);
			set_black(parent);
			set_red(grandparent);
			node = grandparent;
			continue;
		}
		if (node == (left ? parent->rb_right : parent->rb_left)) {
			node = parent;
			if (left)
				rotate_left(root, node);
			else
				rotate_right(root, node);
			parent = rb_parent(node);
		}
		set_black(parent);
		set_red(grandparent);
		if (left)
			rotate_right(root, grandparent);
		else
			rotate_left(root, grandparent);
	}
	set_black(root->rb_node);
}
EXPORT_SYMBOL(rb_insert_color);

/* One case of the repair, with node the left (or right) child of parent and one black short. */
static bool repair_side(struct rb_root *root, struct rb_node *parent, bool left)
{
	struct rb_node *sibling = left ? parent->rb_right : parent->rb_left;
	struct rb_node *near, *far;

	if (is_red(sibling)) {
		set_black(sibling);
		set_red(parent);
		if (left)
			rotate_left(root, parent);
		else
			rotate_right(root, parent);
		sibling = left ? parent->rb_right : parent->rb_left;
	}
	near = left ? sibling->rb_left : sibling->rb_right;
	far = left ? sibling->rb_right : sibling->rb_left;
	if (is_black(near) && is_black(far)) {
		set_red(sibling);
		return false;
	}
	if (is_black(far)) {
		set_black(near);
		set_red(sibling);
		if (left)
			rotate_right(root, sibling);
		else
			rotate_left(root, sibling);
		far = sibling;
		sibling = near;
	}
	if (is_black(parent))
		set_black(sibling);
	else
		set_red(sibling);
	set_black(parent);
	set_black(far);
	if (left)
		rotate_left(root, parent);
	else
		rotate_right(root, parent);
	return true;
}

static void repair_erase(struct rb_root *root, struct rb_node *node, struct rb_node *parent)
{
	while (parent && is_black(node)) {
		if (repair_side(root, parent, node == parent->rb_left))
			return;
		node = parent;
		parent = rb_parent(node);
	}
	if (node)
		set_black(node);
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *child, *parent = rb_parent(node), *next;
	bool lost_black = is_black(node);

	if (!node->rb_left || !node->rb_right) {
		child = node->rb_left ? node->rb_left : node->rb_right;
		if (child)
			set_parent(child, parent);
		replace_child(root, parent, node, child);
	} else {
		/* Its successor, which has no left child, takes its place. */
		for (next = node->rb_right; next->rb_left; next = next->rb_left)
			;
		lost_black = is_black(next);
		child = next->rb_right;
		parent = rb_parent(next);
		if (parent == node) {
			parent = next;
		} else {
			parent->rb_left = child;
			if (child)
				set_parent(child, parent);
			next->rb_right = node->rb_right;
			set_parent(next->rb_right, next);
		}
		next->rb_left = node->rb_left;
		set_parent(next->rb_left, next);
		next->__rb_parent_color = node->__rb_parent_color;
		replace_child(root, rb_parent(node), node, next);
	}
	if (lost_black)
		repair_erase(root, child, parent);
}
EXPORT_SYMBOL(rb_erase);

struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}
EXPORT_SYMBOL(rb_first);

struct rb_node *rb_last(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_right)
		node = node->rb_right;
	return node;
}
EXPORT_SYMBOL(rb_last);

struct rb_node *rb_next(const struct rb_node *node)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_right) {
		for (node = node->rb_right; node->rb_left; node = node->rb_left)
			;
		return (struct rb_node *)node;
	}
	while ((parent = rb_parent(node)) && node == parent->rb_right)
		node = parent;
	return parent;
}
EXPORT_SYMBOL(rb_next);

struct rb_node *rb_prev(const struct rb_node *node)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_left) {
		for (node = node->rb_left; node->rb_right; node = node->rb_right)
			;
		return (struct rb_node *)node;
	}
	while ((parent = rb_parent(node)) && node == parent->rb_left)
		node = parent;
	return parent;
}
EXPORT_SYMBOL(rb_prev);

void rb_replace_node(struct rb_node *victim, struct rb_node *new, struct rb_root *root)
{
	*new = *victim;
	if (victim->rb_left)
		set_parent(victim->rb_left, new);
	if (victim->rb_right)
		set_parent(victim->rb_right, new);
	replace_child(root, rb_parent(victim), victim, new);
}
EXPORT_SYMBOL(rb_replace_node);

static struct rb_node *deepest_left(const struct rb_node *node)
{
	for (;;) {
		if (node->rb_left)
			node = node->rb_left;
		else if (node->rb_right)
			node = node->rb_right;
		else
			return (struct rb_node *)node;
	}
}

struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return root->rb_node ? deepest_left(root->rb_node) : NULL;
}
EXPORT_SYMBOL(rb_first_postorder);

struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent;

	if (!node)
		return NULL;
	parent = rb_parent(node);
	if (parent && node == parent->rb_left && parent->rb_right)
		return deepest_left(parent->rb_right);
	return parent;
}
EXPORT_SYMBOL(rb_next_postorder);
