/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device ID tables as they lie in a module for x86-64: the layouts of
 * include/linux/mod_devicetable.h, with types of the host. Fields that no
 * alias shows are named only where they give the structure its size.
 */
#ifndef RING3_DEVICETABLE_H
#define RING3_DEVICETABLE_H

#include <stdint.h>

struct pci_device_id {
	uint32_t vendor, device, subvendor, subdevice, class, class_mask;
	uint64_t driver_data;
	uint32_t override_only;
};

struct ieee1394_device_id {
	uint32_t match_flags, vendor_id, model_id, specifier_id, version;
	uint64_t driver_data;
};

struct usb_device_id {
	uint16_t match_flags, vendor, product, device_lo, device_hi;
	uint8_t device_class, device_subclass, device_protocol;
	uint8_t interface_class, interface_subclass, interface_protocol, interface_number;
	uint64_t driver_info;
};

#define USB_MATCH_VENDOR             0x0001
#define USB_MATCH_PRODUCT            0x0002
#define USB_MATCH_DEVICE_LO          0x0004
#define USB_MATCH_DEVICE_HI          0x0008
#define USB_MATCH_DEVICE_CLASS       0x0010
#define USB_MATCH_DEVICE_SUBCLASS    0x0020
#define USB_MATCH_DEVICE_PROTOCOL    0x0040
#define USB_MATCH_INTERFACE_CLASS    0x0080
#define USB_MATCH_INTERFACE_SUBCLASS 0x0100
#define USB_MATCH_INTERFACE_PROTOCOL 0x0200
#define USB_MATCH_INTERFACE_NUMBER   0x0400

struct hid_device_id {
	uint16_t bus, group;
	uint32_t vendor, product;
	uint64_t driver_data;
};

struct acpi_device_id {
	char id[16];
	uint64_t driver_data;
	uint32_t class, class_mask;
};

struct pnp_device_id {
	char id[8];
	uint64_t driver_data;
};

struct pnp_card_device_id {
	char id[8];
	uint64_t driver_data;
	char devices[8][8];
};

struct serio_device_id {
	uint8_t type, extra, id, proto;
};

struct hda_device_id {
	uint32_t vendor_id, rev_id;
	uint8_t api_version;
	uint64_t name, driver_data;
};

struct sdw_device_id {
	uint16_t mfg_id, part_id;
	uint8_t sdw_version, class_id;
	uint64_t driver_data;
};

struct of_device_id {
	char name[32], type[32], compatible[128];
	uint64_t data;
};

struct pcmcia_device_id {
	uint16_t match_flags, manf_id, card_id;
	uint8_t func_id, function, device_no;
	uint32_t prod_id_hash[4];
	uint64_t prod_id[4], driver_info, cisfile;
};

#define INPUT_BITS_LONGS(max) ((max) / 64 + 1)

struct input_device_id {
	uint64_t flags;
	uint16_t bustype, vendor, product, version;
	uint64_t ev[INPUT_BITS_LONGS(0x1f)];
	uint64_t key[INPUT_BITS_LONGS(0x2ff)];
	uint64_t rel[INPUT_BITS_LONGS(0x0f)];
	uint64_t abs[INPUT_BITS_LONGS(0x3f)];
	uint64_t msc[INPUT_BITS_LONGS(0x07)];
	uint64_t led[INPUT_BITS_LONGS(0x0f)];
	uint64_t snd[INPUT_BITS_LONGS(0x07)];
	uint64_t ff[INPUT_BITS_LONGS(0x7f)];
	uint64_t sw[INPUT_BITS_LONGS(0x10)];
	uint64_t prop[INPUT_BITS_LONGS(0x1f)];
	uint64_t driver_info;
};

struct eisa_device_id {
	char signature[8];
	uint64_t driver_data;
};

struct sdio_device_id {
	uint8_t class;
	uint16_t vendor, device;
	uint64_t driver_data;
};

struct ssb_device_id {
	uint16_t vendor, coreid;
	uint8_t revision, pad;
};

struct bcma_device_id {
	uint16_t manuf, id;
	uint8_t rev, class;
};

struct virtio_device_id {
	uint32_t device, vendor;
};

struct hv_vmbus_device_id {
	uint8_t guid[16];
	uint64_t driver_data;
};

/* rpmsg, spi, mhi, mhi_ep, auxiliary */
struct name32_device_id {
	char name[32];
	uint64_t driver_data;
};

/* i2c, platform */
struct name20_device_id {
	char name[20];
	uint64_t driver_data;
};

struct vchiq_device_id {
	char name[32];
};

struct i3c_device_id {
	uint8_t match_flags, dcr;
	uint16_t manuf_id, part_id, extra_info;
	uint64_t data;
};

struct slim_device_id {
	uint16_t manf_id, prod_code, dev_index, instance;
	uint64_t driver_data;
};

struct dmi_strmatch {
	uint8_t slot; /* the top bit: exact_match */
	char substr[79];
};

struct dmi_system_id {
	uint64_t callback, ident;
	struct dmi_strmatch matches[4];
	uint64_t driver_data;
};

struct mdio_device_id {
	uint32_t phy_id, phy_id_mask;
};

struct isapnp_device_id {
	uint16_t card_vendor, card_device, vendor, function;
	uint64_t driver_data;
};

struct amba_id {
	uint32_t id, mask;
	uint64_t data;
};

struct x86_cpu_id {
	uint16_t vendor, family, model, steppings, feature;
	uint16_t flags; /* padding in older releases */
	uint64_t driver_data;
};

struct cpu_feature {
	uint16_t feature;
};

struct ipack_device_id {
	uint8_t format;
	uint32_t vendor, device;
};

struct mei_cl_device_id {
	char name[32];
	uint8_t uuid[16];
	uint8_t version;
	uint64_t driver_info;
};

struct rio_device_id {
	uint16_t did, vid, asm_did, asm_vid;
};

struct ulpi_device_id {
	uint16_t vendor, product;
	uint64_t driver_data;
};

struct fsl_mc_device_id {
	uint16_t vendor;
	char obj_type[16];
};

struct tb_service_id {
	uint32_t match_flags;
	char protocol_key[9];
	uint32_t protocol_id, protocol_version, protocol_revision;
	uint64_t driver_data;
};

struct typec_device_id {
	uint16_t svid;
	uint8_t mode;
	uint64_t driver_data;
};

struct tee_client_device_id {
	uint8_t uuid[16];
};

#define UUID_STRING_LEN 36

struct wmi_device_id {
	char guid_string[UUID_STRING_LEN + 1];
	uint64_t context;
};

struct ssam_device_id {
	uint8_t match_flags, domain, category, target, instance, function;
	uint64_t driver_data;
};

struct dfl_device_id {
	uint16_t type, feature_id;
	uint64_t driver_data;
};

struct ishtp_device_id {
	uint8_t guid[16];
	uint64_t driver_data;
};

struct cdx_device_id {
	uint16_t vendor, device, subvendor, subdevice;
	uint32_t class, class_mask, override_only;
};

struct coreboot_device_id {
	uint32_t tag;
	uint64_t driver_data;
};

#endif
