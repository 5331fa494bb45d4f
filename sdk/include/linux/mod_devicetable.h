/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_MOD_DEVICETABLE_H
#define _LINUX_MOD_DEVICETABLE_H

/*
 * Tables of the devices that a module drives. modpost reads them from the
 * object (MODULE_DEVICE_TABLE) and writes aliases, so layouts are the ABI's.
 */
#include <linux/bits.h>
#include <linux/types.h>
#include <linux/uuid.h>

typedef unsigned long kernel_ulong_t;

/* ---- buses of PCs ---- */

#define PCI_ANY_ID                    (~0)
#define PCI_ID_F_VFIO_DRIVER_OVERRIDE 1
struct pci_device_id {
	__u32 vendor, device, subvendor, subdevice;
	__u32 class, class_mask;
	kernel_ulong_t driver_data;
	__u32 override_only;
};
#define PCI_DEVICE(vend, dev)                                                                      \
	.vendor = (vend), .device = (dev), .subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID
#define PCI_DEVICE_CLASS(dev_class, dev_class_mask)                                                \
	.class = (dev_class), .class_mask = (dev_class_mask), .vendor = PCI_ANY_ID,                \
	.device = PCI_ANY_ID, .subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID

#define USB_DEVICE_ID_MATCH_VENDOR       0x0001
#define USB_DEVICE_ID_MATCH_PRODUCT      0x0002
#define USB_DEVICE_ID_MATCH_DEV_LO       0x0004
#define USB_DEVICE_ID_MATCH_DEV_HI       0x0008
#define USB_DEVICE_ID_MATCH_DEV_CLASS    0x0010
#define USB_DEVICE_ID_MATCH_DEV_SUBCLASS 0x0020
#define USB_DEVICE_ID_MATCH_DEV_PROTOCOL 0x0040
#define USB_DEVICE_ID_MATCH_INT_CLASS    0x0080
#define USB_DEVICE_ID_MATCH_INT_SUBCLASS 0x0100
#define USB_DEVICE_ID_MATCH_INT_PROTOCOL 0x0200
#define USB_DEVICE_ID_MATCH_INT_NUMBER   0x0400
struct usb_device_id {
	__u16 match_flags;
	__u16 idVendor, idProduct;
	__u16 bcdDevice_lo, bcdDevice_hi;
	__u8 bDeviceClass, bDeviceSubClass, bDeviceProtocol;
	__u8 bInterfaceClass, bInterfaceSubClass, bInterfaceProtocol, bInterfaceNumber;
	kernel_ulong_t driver_info __attribute__((aligned(sizeof(kernel_ulong_t))));
};
#define USB_DEVICE(vend, prod)                                                                     \
	.match_flags = USB_DEVICE_ID_MATCH_VENDOR | USB_DEVICE_ID_MATCH_PRODUCT,                   \
	.idVendor = (vend), .idProduct = (prod)

#define IEEE1394_MATCH_VENDOR_ID    0x0001
#define IEEE1394_MATCH_MODEL_ID     0x0002
#define IEEE1394_MATCH_SPECIFIER_ID 0x0004
#define IEEE1394_MATCH_VERSION      0x0008
struct ieee1394_device_id {
	__u32 match_flags;
	__u32 vendor_id, model_id;
	__u32 specifier_id, version;
	kernel_ulong_t driver_data;
};

#define ACPI_ID_LEN 16
struct acpi_device_id {
	__u8 id[ACPI_ID_LEN];
	kernel_ulong_t driver_data;
	__u32 cls, cls_msk;
};

#define PNP_ID_LEN      8
#define PNP_MAX_DEVICES 8
struct pnp_device_id {
	__u8 id[PNP_ID_LEN];
	kernel_ulong_t driver_data;
};
struct pnp_card_device_id {
	__u8 id[PNP_ID_LEN];
	kernel_ulong_t driver_data;
	struct {
		__u8 id[PNP_ID_LEN];
	} devs[PNP_MAX_DEVICES];
};
#define ISAPNP_ANY_ID 0xffff
struct isapnp_device_id {
	unsigned short card_vendor, card_device;
	unsigned short vendor, function;
	kernel_ulong_t driver_data;
};
#define EISA_SIG_LEN 8
struct eisa_device_id {
	char sig[EISA_SIG_LEN];
	kernel_ulong_t driver_data;
};

#define PCMCIA_DEV_ID_MATCH_MANF_ID   0x0001
#define PCMCIA_DEV_ID_MATCH_CARD_ID   0x0002
#define PCMCIA_DEV_ID_MATCH_FUNC_ID   0x0004
#define PCMCIA_DEV_ID_MATCH_FUNCTION  0x0008
#define PCMCIA_DEV_ID_MATCH_PROD_ID1  0x0010
#define PCMCIA_DEV_ID_MATCH_PROD_ID2  0x0020
#define PCMCIA_DEV_ID_MATCH_PROD_ID3  0x0040
#define PCMCIA_DEV_ID_MATCH_PROD_ID4  0x0080
#define PCMCIA_DEV_ID_MATCH_DEVICE_NO 0x0100
#define PCMCIA_DEV_ID_MATCH_FAKE_CIS  0x0200
#define PCMCIA_DEV_ID_MATCH_ANONYMOUS 0x0400
struct pcmcia_device_id {
	__u16 match_flags;
	__u16 manf_id, card_id;
	__u8 func_id, function, device_no;
	__u32 prod_id_hash[4];
	const char *prod_id[4];
	kernel_ulong_t driver_info;
	char *cisfile;
};

#define IPACK_ANY_FORMAT 0xff
#define IPACK_ANY_ID     (~0)
struct ipack_device_id {
	__u8 format;
	__u32 vendor, device;
};

/* ---- people's side ---- */

#define HID_ANY_ID    (~0)
#define HID_BUS_ANY   0xffff
#define HID_GROUP_ANY 0x0000
struct hid_device_id {
	__u16 bus, group;
	__u32 vendor, product;
	kernel_ulong_t driver_data;
};

#define SERIO_ANY 0xff
struct serio_device_id {
	__u8 type, extra, id, proto;
};

#define INPUT_DEVICE_ID_EV_MAX              0x1f
#define INPUT_DEVICE_ID_KEY_MIN_INTERESTING 0x71
#define INPUT_DEVICE_ID_KEY_MAX             0x2ff
#define INPUT_DEVICE_ID_REL_MAX             0x0f
#define INPUT_DEVICE_ID_ABS_MAX             0x3f
#define INPUT_DEVICE_ID_MSC_MAX             0x07
#define INPUT_DEVICE_ID_LED_MAX             0x0f
#define INPUT_DEVICE_ID_SND_MAX             0x07
#define INPUT_DEVICE_ID_FF_MAX              0x7f
#define INPUT_DEVICE_ID_SW_MAX              0x10
#define INPUT_DEVICE_ID_PROP_MAX            0x1f
#define INPUT_DEVICE_ID_MATCH_BUS           0x0001
#define INPUT_DEVICE_ID_MATCH_VENDOR        0x0002
#define INPUT_DEVICE_ID_MATCH_PRODUCT       0x0004
#define INPUT_DEVICE_ID_MATCH_VERSION       0x0008
#define INPUT_DEVICE_ID_MATCH_EVBIT         0x0010
#define INPUT_DEVICE_ID_MATCH_KEYBIT        0x0020
#define INPUT_DEVICE_ID_MATCH_RELBIT        0x0040
#define INPUT_DEVICE_ID_MATCH_ABSBIT        0x0080
#define INPUT_DEVICE_ID_MATCH_MSCIT         0x0100
#define INPUT_DEVICE_ID_MATCH_LEDBIT        0x0200
#define INPUT_DEVICE_ID_MATCH_SNDBIT        0x0400
#define INPUT_DEVICE_ID_MATCH_FFBIT         0x0800
#define INPUT_DEVICE_ID_MATCH_SWBIT         0x1000
#define INPUT_DEVICE_ID_MATCH_PROPBIT       0x2000
#define __input_bits(max)                   ((max) / BITS_PER_LONG + 1)
struct input_device_id {
	kernel_ulong_t flags;
	__u16 bustype, vendor, product, version;
	kernel_ulong_t evbit[__input_bits(INPUT_DEVICE_ID_EV_MAX)];
	kernel_ulong_t keybit[__input_bits(INPUT_DEVICE_ID_KEY_MAX)];
	kernel_ulong_t relbit[__input_bits(INPUT_DEVICE_ID_REL_MAX)];
	kernel_ulong_t absbit[__input_bits(INPUT_DEVICE_ID_ABS_MAX)];
	kernel_ulong_t mscbit[__input_bits(INPUT_DEVICE_ID_MSC_MAX)];
	kernel_ulong_t ledbit[__input_bits(INPUT_DEVICE_ID_LED_MAX)];
	kernel_ulong_t sndbit[__input_bits(INPUT_DEVICE_ID_SND_MAX)];
	kernel_ulong_t ffbit[__input_bits(INPUT_DEVICE_ID_FF_MAX)];
	kernel_ulong_t swbit[__input_bits(INPUT_DEVICE_ID_SW_MAX)];
	kernel_ulong_t propbit[__input_bits(INPUT_DEVICE_ID_PROP_MAX)];
	kernel_ulong_t driver_info;
};

struct hda_device_id {
	__u32 vendor_id, rev_id;
	__u8 api_version;
	const char *name;
	unsigned long driver_data;
};
struct sdw_device_id {
	__u16 mfg_id, part_id;
	__u8 sdw_version, class_id;
	kernel_ulong_t driver_data;
};

/* ---- small buses: by name ---- */

struct of_device_id {
	char name[32];
	char type[32];
	char compatible[128];
	const void *data;
};
#define __NAMED_DEVICE_ID(kind, size)                                                              \
	struct kind##_device_id {                                                                  \
		char name[size];                                                                   \
		kernel_ulong_t driver_data;                                                        \
	}
#define I2C_NAME_SIZE     20
#define I2C_MODULE_PREFIX "i2c:"
__NAMED_DEVICE_ID(i2c, I2C_NAME_SIZE);
#define SPI_NAME_SIZE     32
#define SPI_MODULE_PREFIX "spi:"
__NAMED_DEVICE_ID(spi, SPI_NAME_SIZE);
#define SPMI_NAME_SIZE 32
__NAMED_DEVICE_ID(spmi, SPMI_NAME_SIZE);
#define PLATFORM_NAME_SIZE     20
#define PLATFORM_MODULE_PREFIX "platform:"
__NAMED_DEVICE_ID(platform, PLATFORM_NAME_SIZE);
#define RPMSG_NAME_SIZE 32
__NAMED_DEVICE_ID(rpmsg, RPMSG_NAME_SIZE);
#define AUXILIARY_NAME_SIZE     32
#define AUXILIARY_MODULE_PREFIX "auxiliary:"
__NAMED_DEVICE_ID(auxiliary, AUXILIARY_NAME_SIZE);
#define PCI_EPF_NAME_SIZE 20
__NAMED_DEVICE_ID(pci_epf, PCI_EPF_NAME_SIZE);
#define MHI_NAME_SIZE 32
struct mhi_device_id {
	const char chan[MHI_NAME_SIZE];
	kernel_ulong_t driver_data;
};

/* ---- small buses: by number ---- */

#define I3C_MATCH_DCR        0x1
#define I3C_MATCH_MANUF      0x2
#define I3C_MATCH_PART       0x4
#define I3C_MATCH_EXTRA_INFO 0x8
struct i3c_device_id {
	__u8 match_flags, dcr;
	__u16 manuf_id, part_id, extra_info;
	const void *data;
};
struct slim_device_id {
	__u16 manf_id, prod_code, dev_index, instance;
	kernel_ulong_t driver_data;
};
#define MDIO_MODULE_PREFIX "mdio:"
struct mdio_device_id {
	__u32 phy_id, phy_id_mask;
};
struct amba_id {
	unsigned int id, mask;
	void *data;
};
#define SDIO_ANY_ID (~0)
struct sdio_device_id {
	__u8 class;
	__u16 vendor, device;
	kernel_ulong_t driver_data;
};
#define SSB_ANY_VENDOR 0xFFFF
#define SSB_ANY_ID     0xFFFF
#define SSB_ANY_REV    0xFF
struct ssb_device_id {
	__u16 vendor, coreid;
	__u8 revision, __pad;
} __attribute__((packed, aligned(2)));
#define SSB_DEVICE(_vendor, _coreid, _revision)                                                    \
	{                                                                                          \
		.vendor = _vendor, .coreid = _coreid, .revision = _revision,                       \
	}
#define BCMA_ANY_MANUF 0xFFFF
#define BCMA_ANY_ID    0xFFFF
#define BCMA_ANY_REV   0xFF
#define BCMA_ANY_CLASS 0xFF
struct bcma_device_id {
	__u16 manuf, id;
	__u8 rev, class;
} __attribute__((packed, aligned(2)));
#define BCMA_CORE(_manuf, _id, _rev, _class)                                                       \
	{                                                                                          \
		.manuf = _manuf, .id = _id, .rev = _rev, .class = _class,                          \
	}
#define RIO_ANY_ID 0xffff
struct rio_device_id {
	__u16 did, vid, asm_did, asm_vid;
};
struct mcb_device_id {
	__u16 device;
	kernel_ulong_t driver_data;
};
struct ulpi_device_id {
	__u16 vendor, product;
	kernel_ulong_t driver_data;
};
struct fsl_mc_device_id {
	__u16 vendor;
	const char obj_type[16];
};
#define TBSVC_MATCH_PROTOCOL_KEY      0x0001
#define TBSVC_MATCH_PROTOCOL_ID       0x0002
#define TBSVC_MATCH_PROTOCOL_VERSION  0x0004
#define TBSVC_MATCH_PROTOCOL_REVISION 0x0008
struct tb_service_id {
	__u32 match_flags;
	char protocol_key[8 + 1];
	__u32 protocol_id, protocol_version, protocol_revision;
	kernel_ulong_t driver_data;
};
#define TYPEC_ANY_MODE 0x7
struct typec_device_id {
	__u16 svid;
	__u8 mode;
	kernel_ulong_t driver_data;
};
#define SSAM_MATCH_TARGET   0x1
#define SSAM_MATCH_INSTANCE 0x2
#define SSAM_MATCH_FUNCTION 0x4
struct ssam_device_id {
	__u8 match_flags;
	__u8 domain, category, target, instance, function;
	kernel_ulong_t driver_data;
};
struct dfl_device_id {
	__u16 type, feature_id;
	kernel_ulong_t driver_data;
};

/* ---- virtual machines, firmware ---- */

#define VIRTIO_DEV_ANY_ID 0xffffffff
struct virtio_device_id {
	__u32 device, vendor;
};
struct hv_vmbus_device_id {
	guid_t guid;
	kernel_ulong_t driver_data;
};
struct ishtp_device_id {
	guid_t guid;
	kernel_ulong_t driver_data;
};
struct tee_client_device_id {
	uuid_t uuid;
};
#define MEI_CL_NAME_SIZE   32
#define MEI_CL_VERSION_ANY 0xff
struct mei_cl_device_id {
	char name[MEI_CL_NAME_SIZE];
	uuid_le uuid;
	__u8 version;
	kernel_ulong_t driver_info;
};
struct wmi_device_id {
	const char guid_string[UUID_STRING_LEN + 1];
	const void *context;
};

enum dmi_field {
	DMI_NONE,
	DMI_BIOS_VENDOR,
	DMI_BIOS_VERSION,
	DMI_BIOS_DATE,
	DMI_BIOS_RELEASE,
	DMI_EC_FIRMWARE_RELEASE,
	DMI_SYS_VENDOR,
	DMI_PRODUCT_NAME,
	DMI_PRODUCT_VERSION,
	DMI_PRODUCT_SERIAL,
	DMI_PRODUCT_UUID,
	DMI_PRODUCT_SKU,
	DMI_PRODUCT_FAMILY,
	DMI_BOARD_VENDOR,
	DMI_BOARD_NAME,
	DMI_BOARD_VERSION,
	DMI_BOARD_SERIAL,
	DMI_BOARD_ASSET_TAG,
	DMI_CHASSIS_VENDOR,
	DMI_CHASSIS_TYPE,
	DMI_CHASSIS_VERSION,
	DMI_CHASSIS_SERIAL,
	DMI_CHASSIS_ASSET_TAG,
	DMI_STRING_MAX,
	DMI_OEM_STRING,
};
struct dmi_strmatch {
	unsigned char slot : 7;
	unsigned char exact_match : 1;
	char substr[79];
};
struct dmi_system_id {
	int (*callback)(const struct dmi_system_id *);
	const char *ident;
	struct dmi_strmatch matches[4];
	void *driver_data;
};
/* MODULE_DEVICE_TABLE(dmi, ...) and (x86cpu, ...) name their types so. */
#define dmi_device_id dmi_system_id
#define DMI_MATCH(a, b)                                                                            \
	{                                                                                          \
		.slot = a, .substr = b                                                             \
	}
#define DMI_EXACT_MATCH(a, b)                                                                      \
	{                                                                                          \
		.slot = a, .substr = b, .exact_match = 1                                           \
	}

#define x86cpu_device_id x86_cpu_id
#define X86_VENDOR_ANY   0xffff
#define X86_FAMILY_ANY   0
#define X86_MODEL_ANY    0
#define X86_STEPPING_ANY 0
#define X86_FEATURE_ANY  0
struct x86_cpu_id {
	__u16 vendor, family, model, steppings, feature, flags;
	kernel_ulong_t driver_data;
};
struct cpu_feature {
	__u16 feature;
};

#endif
